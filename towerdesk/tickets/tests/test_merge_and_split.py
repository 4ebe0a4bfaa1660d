"""Merging can be taken back, and a ticket that asks two things becomes two tickets."""

from datetime import timedelta

import pytest

from towerdesk.events.models import Event
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid, NotFound
from towerdesk.testing import cast
from towerdesk.tickets.assign import assign
from towerdesk.tickets.change import change
from towerdesk.tickets.merge import merge
from towerdesk.tickets.models import Message
from towerdesk.tickets.reply import reply
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.snooze import snooze
from towerdesk.tickets.split import split
from towerdesk.tickets.unmerge import unmerge


@pytest.fixture
def other(desk, mara):
    return cast.opened(desk, mara, "Still dripping", "It drips on.")


def words(ticket):
    return [message.visible for message in ticket.messages.order_by("id")]


def test_undoing_a_merge_puts_the_messages_back_where_they_were(ticket, other, ana, ben_user):
    assign(other, ben_user, by=ana)
    before = (other.status, other.next_step, other.due_at, other.assignee)
    merge(other, ticket, by=ana)
    cast.says(ticket, "From the rim.")

    assert unmerge(other, by=ana) == ticket

    other.refresh_from_db()
    assert (other.status, other.next_step, other.due_at, other.assignee) == before
    assert other.merged_into is None
    assert (words(ticket), words(other)) == (["It drips. What can I do?", "From the rim."], ["It drips on."])
    assert Event.objects.of(other.pk).last().kind == "ticket.unmerged_from"


def test_a_merge_is_undone_once(ticket, other, ana):
    merge(other, ticket, by=ana)
    unmerge(other, by=ana)

    with pytest.raises(NotFound, match="nothing to undo"):
        unmerge(other, by=ana)


def test_undoing_the_first_of_two_merges_takes_only_its_own_messages(desk, jonas, ticket, other, ana):
    third = cast.opened(desk, jonas, "Everything drips", "All of it.")
    merge(other, ticket, by=ana)
    merge(ticket, third, by=ana)

    unmerge(other, by=ana)
    assert (words(other), len(words(third))) == (["It drips on."], 2)

    unmerge(ticket, by=ana)
    assert (words(ticket), words(third)) == (["It drips. What can I do?"], ["All of it."])


def test_whoever_waits_for_us_does_not_vanish_in_a_ticket_that_waits_for_nobody(ticket, other, ana):
    resolve(ticket, "Ring turned", by=ana)
    merge(other, ticket, by=ana)

    ticket.refresh_from_db()
    assert (ticket.status, ticket.known_by, ticket.step_kind) == ("open", "reopened", "answer")

    unmerge(other, by=ana)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.known_by, ticket.step_kind) == ("resolved", "unknown", "close")


def test_what_was_changed_since_the_merge_stays(ticket, other, ana, ben):
    reply(ticket, "From the rim?", by=ben)
    merge(other, ticket, by=ana)
    change(ticket, status="hold", by=ben)

    unmerge(other, by=ana)

    ticket.refresh_from_db()
    assert (ticket.status, ticket.step_kind) == ("hold", "others")


def test_what_was_resolved_before_a_merge_waits_for_nothing_after_it(ticket, other, ana):
    resolve(other, "Done", by=ana)
    merge(ticket, other, by=ana)
    snooze(other, now() + timedelta(days=1), by=ana)

    unmerge(ticket, by=ana)

    other.refresh_from_db()
    assert (other.status, other.step_kind) == ("resolved", "close")


def test_a_part_of_another_ticket_is_not_merged_again(desk, mara, ticket, other, ana):
    merge(other, ticket, by=ana)

    with pytest.raises(Invalid, match="undo that merge first"):
        merge(other, cast.opened(desk, mara), by=ana)


def test_messages_split_off_become_a_ticket_of_the_same_person(ticket, ana, mara, ben_user):
    assign(ticket, ben_user, by=ana)
    invoice = cast.says(ticket, "And where is my invoice?")

    made = split(ticket, [invoice.pk], "Invoice", by=ana)

    assert (words(ticket), words(made)) == (["It drips. What can I do?"], ["And where is my invoice?"])
    assert (made.requester, made.assignee, made.subject) == (mara, ben_user, "Invoice")
    assert made.next_step == "Ben answers Mara"
    assert made.links.get().other == ticket


def test_merging_it_back_undoes_a_split(ticket, ana):
    invoice = cast.says(ticket, "And where is my invoice?")
    merge(split(ticket, [invoice.pk], "Invoice", by=ana), ticket, by=ana)

    assert len(words(ticket)) == 2


def test_what_cannot_be_split(ticket, other, ana):
    only, elsewhere = ticket.messages.get(), other.messages.get()
    cast.says(ticket, "More.")

    for chosen in ([], [elsewhere.pk], [only.pk, elsewhere.pk]):
        with pytest.raises(Invalid, match="Choose the messages"):
            split(ticket, chosen, "x", by=ana)
    with pytest.raises(Invalid, match="Leave at least one"):
        split(ticket, list(ticket.messages.values_list("pk", flat=True)), "x", by=ana)


def test_a_reply_on_its_way_is_not_split_off(ticket, ana):
    said = reply(ticket, "Hello", by=ana, pause=timedelta(seconds=10))

    with pytest.raises(Conflict, match="still on its way"):
        split(ticket, [said.pk], "x", by=ana)
    assert Message.objects.get(pk=said.pk).ticket_id == ticket.pk
