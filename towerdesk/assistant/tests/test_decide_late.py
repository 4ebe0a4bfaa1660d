"""Mara wrote before anything was learnt: once it is, what she wants is understood, unless a person is at it."""

import pytest

from towerdesk.assistant.consider import consider
from towerdesk.assistant.decide_late import decide_late
from towerdesk.assistant.models import Run
from towerdesk.assistant.study import study
from towerdesk.testing import cast
from towerdesk.tickets.assign import assign
from towerdesk.tickets.change import change
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve

ASKS = "How do I return an item? I want to send the grinder back."


@pytest.fixture
def early(desk, mara, articles, intents) -> Ticket:
    """A ticket that was considered with nothing learnt."""
    ticket = cast.opened(desk, mara, "A grinder to return", ASKS)
    run = consider(Message.objects.select_related("ticket").get(ticket=ticket))
    assert run is not None
    assert (run.outcome, run.intent) == ("handed_over", None)
    return ticket


def runs(ticket: Ticket) -> list[str]:
    return [run.intent.slug if run.intent else "" for run in Run.objects.current().filter(ticket=ticket)]


def test_what_came_in_before_anything_was_learnt_is_understood_once_it_is(early):
    study()

    assert runs(early) == ["return-how-to"]
    early.refresh_from_db()
    assert early.intent.slug == "return-how-to"
    assert early.step_kind == "approve"
    assert decide_late() == 0


def test_whoever_has_the_ticket_gets_a_suggestion_at_most(early, ben, ben_user):
    assign(early, ben_user, by=ben)

    study()

    assert runs(early) == ["return-how-to"]
    assert not Message.objects.filter(ticket=early, direction="out").exists()
    early.refresh_from_db()
    assert early.assignee == ben_user


@pytest.mark.parametrize(
    "does",
    [
        lambda ticket, ben, intents: reply(ticket, "It left on Monday.", by=ben),
        lambda ticket, ben, intents: resolve(ticket, "Told by phone", by=ben),
        lambda ticket, ben, intents: change(ticket, intent=next(iter(intents.values())), by=ben),
    ],
)
def test_a_person_who_was_there_first_is_not_talked_over(early, ben, intents, does):
    does(early, ben, intents)

    study()

    assert runs(early) == [""]
