"""The same on many tickets, and back."""

import pytest

from towerdesk.actions.bulk import preview_bulk, progress, start_bulk, stop_bulk, undo_bulk
from towerdesk.actions.bulk_run import run
from towerdesk.actions.models import Bulk
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid, Refused
from towerdesk.testing import cast
from towerdesk.tickets.change import change
from towerdesk.tickets.close import close
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.tag import tag


@pytest.fixture
def three(desk, mara, jonas):
    return [cast.opened(desk, person, f"Machine {at}") for at, person in enumerate((mara, jonas, mara))]


def every():
    return Ticket.objects.order_by("id")


def done(said, by):
    bulk = start_bulk(every(), said, by=by)
    assert not run(bulk.pk)
    bulk.refresh_from_db()
    return bulk


def row(ticket):
    ticket.refresh_from_db()
    return (
        ticket.priority,
        ticket.team_id,
        ticket.tags,
        ticket.status,
        ticket.step_kind,
        ticket.next_step,
        ticket.due_at,
    )


def test_many_tickets_change_at_once_and_change_back(three, ana, desk):
    tag(three[0], add=["vip"], by=ana)
    before = [row(ticket) for ticket in three]
    said = [
        {"do": "change", "priority": "high"},
        {"do": "assign", "team": "billing"},
        {"do": "tag", "add": ["vip", "recall"]},
    ]

    bulk = done([*said, {"do": "resolve"}], ana)

    assert (bulk.state, progress(bulk)) == ("done", {"done": 3})
    assert {(t.priority, t.team, t.status, *t.tags) for t in every()} == {
        ("high", desk.billing, "resolved", "recall", "vip")
    }

    undo_bulk(bulk, by=ana)
    assert not run(bulk.pk)

    assert [row(ticket) for ticket in three] == before
    assert progress(bulk) == {"undone": 3}
    assert Event.objects.of(three[0].pk).last().kind == "ticket.restored"


def test_one_that_cannot_does_not_stop_the_others(three, ana):
    close(three[1], by=ana)

    bulk = done([{"do": "change", "priority": "high"}, {"do": "note", "text": "Recall"}], ana)

    assert progress(bulk) == {"done": 2, "failed": 1}
    assert "is closed: reopen it first" in bulk.items.get(result="failed").why
    assert not three[1].messages.filter(direction="out").exists()


def test_what_others_did_since_is_not_undone(three, ana, ben):
    bulk = done([{"do": "change", "priority": "high"}, {"do": "tag", "add": ["recall"]}], ana)
    change(three[0], priority="critical", by=ben)
    tag(three[0], add=["vip"], by=ben)

    undo_bulk(bulk, by=ana)
    run(bulk.pk)

    assert [(t.priority, t.tags) for t in every()] == [("critical", ["vip"]), ("normal", []), ("normal", [])]


def test_answers_wait_and_are_taken_back_in_one_step(three, ana):
    before = [row(ticket) for ticket in three]
    bulk = done([{"do": "reply", "text": "It is mended.", "then": "resolve"}], ana)
    assert list(Message.objects.filter(direction="out").values_list("delivery", flat=True)) == ["queued"] * 3
    Message.objects.filter(ticket=three[0], direction="out").update(delivery="sent")

    undo_bulk(bulk, by=ana)
    run(bulk.pk)

    assert progress(bulk) == {"undone": 2, "kept": 1}
    assert bulk.items.get(result="kept").why == "The reply had left already."
    three[0].refresh_from_db()
    assert three[0].status == "resolved"
    assert [row(ticket) for ticket in three[1:]] == before[1:]


def test_a_bulk_merge_comes_apart_again(three, ana):
    bulk = start_bulk(every().exclude(pk=three[0].pk), [{"do": "merge", "into": three[0].pk}], by=ana)
    run(bulk.pk)
    assert three[0].messages.count() == 3

    undo_bulk(bulk, by=ana)
    run(bulk.pk)
    assert [ticket.messages.count() for ticket in three] == [1, 1, 1]


def test_stopped_half_way_and_then_undone(three, ana):
    bulk = start_bulk(every(), [{"do": "change", "priority": "high"}], by=ana)
    stop_bulk(bulk, by=ana)

    assert not run(bulk.pk)
    assert progress(bulk) == {"stopped": 3}
    with pytest.raises(Conflict, match="done by now"):
        stop_bulk(bulk, by=ana)


def test_it_touches_only_what_one_may_see(three, ben, desk):
    Ticket.objects.filter(pk=three[0].pk).update(team=desk.billing)
    desk.billing.restricted = True
    desk.billing.save()

    bulk = done([{"do": "change", "priority": "high"}], ben)

    assert sum(progress(bulk).values()) == 2
    assert Bulk.objects.visible_to(ben).get() == bulk


def test_what_is_refused_before_it_begins(three, ana):
    viewer = Actor("agent", 1, "Vera", frozenset({"ticket.read"}))
    with pytest.raises(Refused):
        start_bulk(every(), [{"do": "close"}], by=viewer)
    with pytest.raises(Invalid, match="Say what to do"):
        start_bulk(every(), [], by=ana)
    with pytest.raises(Invalid, match="one ticket at a time"):
        start_bulk(every(), [{"do": "split", "messages": [1]}], by=ana)
    with pytest.raises(Invalid, match="Choose between 1 and"):
        start_bulk(every().none(), [{"do": "close"}], by=ana)


def test_the_preview_says_it_ticket_by_ticket(three, ana):
    rows = preview_bulk(every().for_strips(), [{"do": "change", "priority": "high"}], ana)

    would = {ticket.subject: says for ticket, says in rows}
    assert would["Machine 0"] == ["Sets the priority from “normal” to “high”."]
    assert not Bulk.objects.exists()
