"""What waits for a person's word lies before a person."""

import pytest

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.connectors import registry
from towerdesk.connectors.contract import Argument as Arg
from towerdesk.connectors.contract import FateUnknown, ToolSpec, Value
from towerdesk.connectors.decide import approve, decline
from towerdesk.connectors.fake import FakeTool, connect
from towerdesk.connectors.settle import settle
from towerdesk.connectors.use import use
from towerdesk.events.models import Event
from towerdesk.flow import STEPS
from towerdesk.testing import cast
from towerdesk.tickets.asked_by_tools import calls_of
from towerdesk.tickets.merge import merge
from towerdesk.tickets.resolve import resolve


@pytest.fixture
def send(desk):
    tool = FakeTool(ToolSpec("send", "Send a part", arguments=(Arg("part"),)))
    connect("store", tool, approval="unlicensed")
    yield tool
    registry.put("fake", None)


def ask_for_gasket(ticket, by=THE_ASSISTANT, key="one", **more):
    call = use("store.send", {"part": Value("gasket", "procedure")}, key=key, by=by, ticket=ticket.pk, **more)
    follow(ticket)
    return call


def follow(ticket):
    """What the queue would do."""
    STEPS["ask_person"](Event.objects.filter(ticket_id=ticket.pk, kind__startswith="tool.").latest("id"))
    ticket.refresh_from_db()


def test_a_call_that_waits_is_the_next_step_in_the_bay_for_approvals(send, ticket, ben):
    call = ask_for_gasket(ticket)
    assert (ticket.step_kind, ticket.next_step) == (
        "approve",
        "Someone in Repairs says yes or no: Send a part: part gasket",
    )

    approve(call, by=ben)
    follow(ticket)

    assert (ticket.step_kind, ticket.next_step) == ("answer", "Send a part: done. Someone in Repairs answers Mara")


def test_what_is_declined_is_answered_by_a_person(send, ticket, ben):
    decline(ask_for_gasket(ticket), by=ben)
    follow(ticket)

    assert ticket.step_kind == "answer"


def test_of_what_nobody_knows_a_person_is_asked_even_when_the_ticket_was_over(send, ticket, ben):
    resolve(ticket, by=ben)
    send.says_nothing, send.goes_wrong = True, [FateUnknown("The line broke.")]

    call = ask_for_gasket(ticket, by=ben)
    assert (ticket.status, ticket.step_kind) == ("open", "approve")
    assert "finds out whether this happened: Send a part" in ticket.next_step

    settle(call, True, by=ben)
    follow(ticket)
    assert ticket.step_kind == "answer"


def test_what_waits_on_a_ticket_that_was_merged_waits_on_the_other(send, ticket, desk, jonas, ben):
    other = cast.opened(desk, jonas)
    merge(ticket, other, by=ben)

    call = ask_for_gasket(ticket)

    other.refresh_from_db()
    assert (ticket.status, other.step_kind) == ("closed", "approve")
    assert calls_of(other.pk).get() == call


def test_two_that_wait_are_asked_one_after_the_other(send, ticket, ben):
    first, second = ask_for_gasket(ticket), ask_for_gasket(ticket, key="two")

    decline(first, by=ben)
    follow(ticket)
    assert ticket.step_kind == "approve"

    decline(second, by=ben)
    follow(ticket)
    assert ticket.step_kind == "answer"
