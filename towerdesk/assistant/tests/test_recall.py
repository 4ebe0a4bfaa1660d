"""An article was wrong: who was told so, and one correction to each of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from towerdesk.actions.bulk import undo_bulk
from towerdesk.actions.bulk_run import run as carry_out
from towerdesk.assistant import disagree
from towerdesk.assistant.consider import consider
from towerdesk.assistant.contradicted import contradicted
from towerdesk.assistant.disagree import (
    disagreements,
    find_contradictions,
    find_if_changed,
    settle_contradiction,
)
from towerdesk.assistant.grade import approve, send_edited
from towerdesk.assistant.models import Claim, Contradiction, Recall
from towerdesk.assistant.recall import draft, recall, sentences_told, to_correct
from towerdesk.automation.macros import read_filled
from towerdesk.knowledge.index import index_all
from towerdesk.knowledge.publish import publish
from towerdesk.knowledge.write import write
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Invalid, Refused
from towerdesk.testing import cast
from towerdesk.testing.lessons import QUESTION
from towerdesk.tickets.models import Message


@pytest.fixture
def told(taught, desk, mara, jonas, ben):
    """Mara twice and Jonas once were sent what the article on returns says."""
    people = [mara, jonas, mara]
    for number, person in enumerate(people):
        run = consider(cast.opened(desk, person, "Return", f"{QUESTION} ({number})").messages.get())
        approve(run, by=ben)
    Message.objects.filter(direction="out").update(delivery="sent")
    return people


@pytest.fixture
def returns(articles):
    return articles["return-an-item"]


def test_each_sentence_that_left_is_kept_with_its_span_and_version(told, returns):
    version = returns.versions.get()
    claims = Claim.objects.filter(version=version)

    assert claims.values("message").distinct().count() == 3
    for claim in claims:
        assert version.text[claim.start : claim.end].replace("**", "") == claim.text
        assert claim.text in claim.message.text


def test_what_a_person_took_out_was_not_told(taught, desk, mara, ben):
    run = consider(cast.opened(desk, mara, "Return", QUESTION).messages.get())
    send_edited(run, "Dear Mara, that depends.", by=ben)
    assert not Claim.objects.exists()


def test_the_article_lists_who_was_told_what(told, returns, ana):
    sentences = sentences_told(returns, ana)

    first = next(sentence for sentence in sentences if "30 days" in sentence.text)
    assert (first.people, first.stands) == (2, True)
    assert first.first <= first.last


def test_each_person_is_corrected_once_on_their_newest_ticket(told, returns, ana, mara, jonas):
    version = returns.versions.get()
    start = next(one.start for one in sentences_told(returns, ana) if "30 days" in one.text)
    text = draft(version, [start], ana).replace("…", "You have 14 days.")

    made = recall(version, [start], text, by=ana)
    carry_out(made.bulk_id, read_filled)

    corrections = Message.objects.filter(direction="out", text__contains="You have 14 days.")
    assert {message.ticket.requester for message in corrections} == {mara, jonas}
    assert corrections.count() == 2
    assert "Hello Mara," in corrections.get(ticket__requester=mara).text
    assert to_correct(version, [start], ana) == []
    with pytest.raises(Invalid, match="Nobody is left"):
        recall(version, [start], text, by=ana)


def test_whom_an_undone_correction_did_not_reach_is_told_by_the_next(told, returns, ana):
    version = returns.versions.get()
    made = recall(version, [], "Right is: 14 days.", by=ana)
    carry_out(made.bulk_id, read_filled)

    undo_bulk(made.bulk, by=ana)
    carry_out(made.bulk_id, read_filled)

    assert len(to_correct(version, [], ana)) == 2
    assert recall(version, [], "Right is: 14 days.", by=ana).people.values("person").distinct().count() == 2


def test_a_correction_says_what_is_right_and_is_a_leads_to_send(told, returns, ana, ben):
    version = returns.versions.get()
    with pytest.raises(Invalid, match="Write what is right"):
        recall(version, [], draft(version, [], ana), by=ana)
    with pytest.raises(Refused):
        recall(version, [], "14 days.", by=ben)
    assert not Recall.objects.exists()


OTHER = "Good to know: you can return an item within 14 days of delivery. Vouchers are valid for two years."


@pytest.fixture
def disagreeing(articles, model):
    """A second article says something else about returns."""
    other = write(None, "Holiday returns of an item", OTHER, slug="holidays", by=CLOCK)
    publish(other, by=CLOCK)
    index_all(model)
    find_contradictions()
    return other


def test_articles_that_disagree_are_shown_with_both_spans(disagreeing, ana):
    [pair] = disagreements(ana)
    assert {"30 days", "14 days"} <= set(
        pair.why.replace(",", "").replace("the other ", "").removeprefix("One says ").split("  ")
    ) or ("30 days" in pair.why and "14 days" in pair.why)
    assert "within 14 days" in pair.other_text
    assert "within 30 days" in pair.one_text


def test_the_clock_looks_for_pairs_when_something_was_published_and_not_again(articles, model, monkeypatch):
    monkeypatch.setattr(disagree, "_looked_at", None)
    assert find_if_changed() == 0
    publish(write(None, "Holiday returns of an item", OTHER, slug="holidays", by=CLOCK), by=CLOCK)
    index_all(model)

    assert find_if_changed() == 1
    with CaptureQueriesContext(connection) as asked:
        assert find_if_changed() == 0
    assert len(asked) == 1


def test_what_rests_on_a_contradicted_sentence_is_handed_to_a_person(taught, disagreeing, desk, mara):
    run = consider(cast.opened(desk, mara, "Return", QUESTION).messages.get())
    assert run.outcome == "draft"
    assert run.why.startswith("Two articles disagree")


def test_a_pair_goes_when_an_article_is_changed_and_a_settled_one_holds_nothing_up(disagreeing, ana, model):
    [pair] = Contradiction.objects.all()
    settle_contradiction(pair, "The other one is about Christmas", by=ana)
    assert contradicted([(pair.one_id, pair.one_start)]) is None
    assert find_contradictions() == 0

    Contradiction.objects.all().delete()
    publish(write(disagreeing, "Holiday returns of an item", OTHER.replace("14", "30"), by=CLOCK), by=CLOCK)
    index_all(model)
    assert find_contradictions() == 0
    assert not Contradiction.objects.exists()
