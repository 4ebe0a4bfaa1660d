"""The lookout compares by words: what a desk's texts have in common counts for nothing, and no language is a trouble."""

from datetime import timedelta

import numpy as np
import pytest

from towerdesk.knowledge.index import pack
from towerdesk.lib import clock
from towerdesk.lib.embedding import embedder, word_vectors
from towerdesk.people.find import person_for
from towerdesk.problems.models import Sighting, Surge
from towerdesk.problems.surges import space
from towerdesk.problems.surges.like import OF_WORDS, OF_WORDS_ALONE
from towerdesk.problems.surges.watch import watch
from towerdesk.problems.surges.words import Common, lookout_embedder
from towerdesk.problems.tests.conftest import TUESDAY
from towerdesk.testing import cast
from towerdesk.tickets.models import Ticket

NOUNS = ("grinder", "invoice", "parcel", "filter", "address", "discount", "handle", "subscription", "warranty", "tray")
ASKS = (
    "How do I get a new {} for my espresso machine?",
    "The {} of my espresso machine is not what I ordered.",
    "Can you tell me what the {} for an espresso machine costs?",
    "Please change the {} of my last espresso machine order.",
    "I have lost the {} that came with the espresso machine.",
)
GERMAN = (
    "Wie bekomme ich die Rechnung für meine Kaffeemaschine?",
    "Die Lieferung der Kaffeemaschine ist noch nicht da.",
    "Wo finde ich den Filter für die Kaffeemaschine?",
    "Bitte ändern Sie die Adresse meiner Bestellung.",
)
ORDINARY = [ask.format(noun) for ask in ASKS for noun in NOUNS] + list(GERMAN) * 3
TROUBLE = (
    "Checkout fails with error 502, I can't pay.",
    "Your payment page shows error 502.",
    "Paying does not work, the checkout says 502.",
    "I wanted to pay and the checkout page gives an error.",
    "Error 502 at the checkout since this morning.",
    "The payment fails every time, error on the checkout page.",
    "Can't check out: error 502 when I pay by card.",
    "The checkout page with the payment is broken, error.",
)


@pytest.fixture(autouse=True)
def nothing_learnt():
    space.forget()
    yield
    space.forget()


def test_what_all_texts_have_in_common_is_taken_off():
    vectors = word_vectors().embed(ORDINARY)
    apart = Common.of(vectors).taken_off(vectors)

    assert _likeness_of_others(vectors) > 0.3
    assert abs(_likeness_of_others(apart)) < 0.1


def test_two_german_requests_about_different_things_are_not_alike():
    common = Common.of(word_vectors().embed(ORDINARY))
    first, second, *_ = common.taken_off(word_vectors().embed(GERMAN[:2]))

    assert first @ second < OF_WORDS.nearer


def test_a_text_without_words_is_like_nothing():
    common = Common.of(word_vectors().embed(ORDINARY))

    assert not common.taken_off(word_vectors().embed([""])).any()


def test_a_desk_that_reads_english_looks_out_by_words_and_one_with_a_model_of_its_own_by_that(monkeypatch, tmp_path):
    own = tmp_path / "own.onnx"
    own.write_bytes(b"")

    for name in ("", "minilm", "wordllama"):
        monkeypatch.setenv("TOWERDESK_EMBEDDER", name)
        assert lookout_embedder() is word_vectors()
    monkeypatch.setenv("TOWERDESK_EMBEDDER", str(own))
    assert lookout_embedder() is embedder()
    assert lookout_embedder().name == "own"


@pytest.mark.django_db
class TestOnADesk:
    def test_a_trouble_in_everybodys_own_words_is_noticed(self, desk):
        ordinary(desk)

        for minutes, text in enumerate(TROUBLE):
            comes(desk, text, TUESDAY + timedelta(minutes=2 * minutes), f"cora{minutes}@example.com")

        surge = Surge.objects.get()
        assert surge.state == "proposed"
        assert surge.members.count() == len(TROUBLE)

    def test_something_else_does_not_belong_to_it(self, desk):
        ordinary(desk)
        for minutes, text in enumerate(TROUBLE):
            comes(desk, text, TUESDAY + timedelta(minutes=2 * minutes), f"cora{minutes}@example.com")

        for place, text in enumerate([*GERMAN, *ORDINARY[::12]]):
            assert comes(desk, text, TUESDAY + timedelta(minutes=30 + place), f"someone{place}@example.com") is None

    def test_as_many_of_all_kinds_are_no_trouble(self, desk):
        ordinary(desk)

        for minutes, text in enumerate([*GERMAN, *ORDINARY[::12]]):
            comes(desk, text, TUESDAY + timedelta(minutes=2 * minutes), f"cora{minutes}@example.com")

        assert not Surge.objects.exists()

    def test_a_new_desk_compares_words_as_they_are_until_it_has_texts_to_learn_from(self, desk):
        model = word_vectors().fingerprint
        with clock.at(TUESDAY):
            assert space.space_of(model).bounds is OF_WORDS_ALONE
        ordinary(desk)

        with clock.at(TUESDAY + timedelta(hours=1)):
            assert space.space_of(model).bounds is OF_WORDS_ALONE
        with clock.at(TUESDAY + timedelta(hours=25)):
            assert space.space_of(model).bounds is OF_WORDS


def ordinary(desk):
    """One of each in the two weeks before, between eight and six."""
    model, person = word_vectors(), person_for("someone@example.com", "Some One")
    times = [TUESDAY - timedelta(days=1 + number % 14, minutes=13 * (number % 30)) for number in range(len(ORDINARY))]
    tickets = Ticket.objects.bulk_create(
        Ticket(subject=text[:20], requester=person, inbox=desk.inbox, team=desk.repairs, next_step="x", due_at=at)
        for text, at in zip(ORDINARY, times, strict=True)
    )
    Sighting.objects.bulk_create(
        Sighting(ticket=ticket, at=at, person=number, vector=pack(vector), model=model.fingerprint)
        for number, (ticket, at, vector) in enumerate(zip(tickets, times, model.embed(ORDINARY), strict=True))
    )


def comes(desk, text, at, address):
    with clock.at(at):
        ticket = cast.opened(desk, person_for(address, "Cora Long"), text[:20], text)
        return watch(ticket, word_vectors().embed([text])[0], word_vectors().fingerprint)


def _likeness_of_others(vectors):
    near = vectors @ vectors.T
    return float(np.median(near[~np.eye(len(near), dtype=bool)]))
