"""Merge a ticket into another: its messages move, it is closed, and whoever answers it later lands on the other."""

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.tickets import next_step
from towerdesk.tickets.hold import hold
from towerdesk.tickets.models import Merge, Message, Ticket
from towerdesk.tickets.reopen import reopen
from towerdesk.tickets.restore import changes_between, snapshot
from towerdesk.tickets.save import save
from towerdesk.tickets.withdraw import withdraw_pending


def merge(ticket: Ticket, into: Ticket, *, by: Actor, cause: Event | None = None) -> Merge:
    """Afterwards `ticket` is closed and `into` holds the whole conversation; `unmerge` takes it back."""
    by.must("ticket.merge")
    with transaction.atomic():
        hold(ticket, into)
        _must_stand(ticket, into)
        was, was_into = snapshot(ticket), snapshot(into)
        asks_us = ticket.status in ("new", "open")
        withdraw_pending(ticket, f"Merged into {into.number}", by=by, cause=cause)
        merged = Merge(ticket=ticket, into=into, messages=_move(ticket, into), by_name=by.name[:200])
        _close(ticket, into)
        _take_over(into, ticket, asks_us, by=by, cause=cause)
        merged.changed = changes_between(was, snapshot(ticket))
        merged.changed_into = changes_between(was_into, snapshot(into))
        merged.save()
        _record(merged, by=by, cause=cause)
    return merged


def standing(ticket: Ticket) -> Ticket:
    """The ticket that this one ended up in, after any number of merges."""
    seen = {ticket.pk}
    while ticket.merged_into is not None and ticket.merged_into_id not in seen:
        ticket = ticket.merged_into
        seen.add(ticket.pk)
    return ticket


def _must_stand(ticket: Ticket, into: Ticket) -> None:
    if ticket.merged_into_id:
        raise Invalid(f"Ticket {ticket.number} is part of {ticket.merged_into_id} already: undo that merge first.")
    if ticket.pk == into.pk or into.merged_into_id:
        raise Invalid(
            f"Ticket {ticket.number} can't be merged into {into.number}: choose a ticket that stands on its own."
        )


def _move(ticket: Ticket, into: Ticket) -> list[int]:
    moved = list(ticket.messages.order_by("id").values_list("pk", flat=True))
    Message.objects.filter(pk__in=moved).update(ticket=into)
    return moved


def _close(ticket: Ticket, into: Ticket) -> None:
    ticket.merged_into, ticket.status, ticket.resolution = into, "closed", "duplicate"
    save(ticket, "merged_into", "status", "resolution", also=next_step.plan(ticket, next_step.nothing()))


def _take_over(into: Ticket, ticket: Ticket, asks_us: bool, *, by: Actor, cause: Event | None) -> None:
    """Whoever still waits for us must not vanish in a ticket that waits for nobody, nor who asked for a person."""
    if ticket.person_asked_at and into.person_asked_at is None:
        into.person_asked_at = ticket.person_asked_at
        save(into, "person_asked_at")
    if asks_us and into.status in ("resolved", "closed"):
        reopen(into, f"{ticket.number} was merged into it", by=by, cause=cause)
    elif asks_us and (into.status in ("pending", "hold") or into.step_kind == "snooze"):
        into.status = "open"
        save(into, "status", also=next_step.plan(into, next_step.answer(into)))
    else:
        save(into)


def _record(merged: Merge, *, by: Actor, cause: Event | None) -> None:
    into, ticket, moved = merged.into, merged.ticket, len(merged.messages)
    record("ticket.merged", by=by, ticket=into.pk, cause=cause, other=ticket.number, messages=moved, status=into.status)
    record("ticket.merged_into", by=by, ticket=ticket.pk, cause=cause, other=into.number)
