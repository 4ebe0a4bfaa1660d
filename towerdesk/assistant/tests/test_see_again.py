"""After an upgrade, or with another model, what the lookout knew is compared in the new space: nothing is learnt from nothing."""

from datetime import timedelta

import numpy as np
import pytest

from towerdesk.assistant.consider import consider
from towerdesk.assistant.models import Run
from towerdesk.assistant.sightings import see_again
from towerdesk.flow import look_out
from towerdesk.knowledge.index import pack, unpack
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import embedder, word_vectors
from towerdesk.people.find import person_for
from towerdesk.problems.bugs.gather import begin_bug, bugs_like
from towerdesk.problems.models import Member, Sighting, Surge
from towerdesk.problems.surges import space
from towerdesk.problems.surges.decide import accept
from towerdesk.problems.surges.hold import why_held
from towerdesk.testing import cast

TROUBLE = "The checkout fails with error 502, I can't pay."


@pytest.fixture(autouse=True)
def nothing_learnt():
    space.forget()
    yield
    space.forget()


@pytest.fixture
def seen(desk):
    """Five who reported the same, and one other, as a desk before the upgrade saw them."""
    texts = [f"{TROUBLE} {more}" for more in ("Please help", "Since today", "By card", "On my phone", "Why?")]
    tickets = [
        cast.opened(desk, person_for(f"cora{number}@example.com", "Cora Long"), "Question", text)
        for number, text in enumerate([*texts, "How often do I have to descale the machine?"])
    ]
    for number, ticket in enumerate(tickets):
        at = now() - timedelta(minutes=30 - number)
        vector = np.eye(384, dtype=np.float32)[number]
        Sighting.objects.create(ticket=ticket, at=at, person=ticket.requester_id, vector=pack(vector), model="old")
    return tickets


@pytest.fixture
def surge(seen):
    made = Surge.objects.create(
        about="Checkout fails", example=seen[0], centre=pack(np.ones(384, np.float32)), model="old", count=5, minutes=30,
        expected=0.2, probability=1e-7, first_at=now(), last_at=now(),
    )  # fmt: skip
    Member.objects.bulk_create(Member(surge=made, ticket=ticket) for ticket in seen[:5])
    return made


def test_what_was_seen_is_made_again_from_its_text_once(seen):
    assert (see_again(), see_again()) == (6, 0)

    rows = list(Sighting.objects.order_by("ticket"))
    assert {row.model for row in rows} == {word_vectors().fingerprint}
    first, second, *_, other = (unpack(row.vector)[0] for row in rows)
    assert first @ second > 0.7 > first @ other


def test_one_whose_text_is_gone_is_like_nothing_and_not_asked_for_again(seen):
    seen[0].messages.all().delete()

    assert (see_again(), see_again()) == (6, 0)
    assert not unpack(Sighting.objects.get(ticket=seen[0]).vector).any()


def test_a_surge_that_stands_goes_on(seen, surge, desk, ana):
    problem = accept(surge, by=ana)
    see_again()

    late = cast.opened(desk, person_for("late@example.com", "Late Comer"), "Help", TROUBLE)
    look_out(late.messages.get(), None)

    assert surge.members.filter(ticket=late, state="linked").exists()
    asked = word_vectors().embed([TROUBLE])[0]
    assert why_held(None, lambda: asked, word_vectors().fingerprint) == (
        f"Many report this just now: it belongs to problem {problem.pk}"
    )


def test_a_bug_still_knows_its_reports(seen, ana):
    bug = begin_bug(seen[0], by=ana)
    see_again()

    assert [near.ticket for near in bugs_like(seen[1], ana)] == [bug.ticket]
    assert bugs_like(seen[5], ana) == []


def two_looked_out_for(desk, mara):
    """One without a run, and one that the assistant has made a vector of."""
    ticket, other = (cast.opened(desk, mara, "Question", TROUBLE) for _ in range(2))
    run = Run(ticket=other, message=other.messages.get(), vector=pack(np.ones(384, np.float32)))
    look_out(ticket.messages.get(), None)
    look_out(run.message, run)
    return Sighting.objects.filter(ticket__in=[ticket, other]).order_by("ticket")


def test_while_nothing_is_learnt_the_lookout_compares_words(desk, mara):
    first, second = two_looked_out_for(desk, mara)

    assert (first.model, second.model) == (word_vectors().fingerprint,) * 2
    assert bytes(first.vector) == bytes(second.vector)


def test_a_desk_that_has_learnt_compares_what_the_assistant_has_read(taught, desk, mara):
    first, second = two_looked_out_for(desk, mara)

    assert (first.model, second.model) == (embedder().fingerprint,) * 2
    assert bytes(second.vector) == pack(np.ones(384, np.float32))


def test_what_words_have_seen_is_read_again_once_the_assistant_has_learnt(seen, surge, taught, model, desk, ana):
    problem = accept(surge, by=ana)
    see_again()

    assert {row.model for row in Sighting.objects.all()} == {model.fingerprint}
    late = cast.opened(desk, person_for("late@example.com", "Late Comer"), "Help", f"{TROUBLE} Please help")
    run = consider(late.messages.get())
    assert run.why == f"Many report this just now: it belongs to problem {problem.pk}"
