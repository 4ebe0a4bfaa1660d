"""Merge a ticket into another: its messages move, it is closed, and whoever answers it later lands on the other."""

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.save import save
from towerdesk.tickets.withdraw import withdraw_pending


def merge(ticket: Ticket, into: Ticket, *, by: Actor, cause: Event | None = None) -> None:
    """Afterwards `ticket` is closed and `into` holds the whole conversation."""
    by.must("ticket.merge")
    with transaction.atomic():
        for one in sorted((ticket, into), key=lambda each: each.pk):  # always in the same order: no deadlock
            one.hold()
        if ticket.pk == into.pk or into.merged_into_id:
            raise Invalid(
                f"Ticket {ticket.number} can't be merged into {into.number}: choose a ticket that stands on its own."
            )
        withdraw_pending(ticket, f"Merged into {into.number}", by=by, cause=cause)
        ticket.messages.update(ticket=into)
        ticket.merged_into, ticket.status, ticket.resolution = into, "closed", "duplicate"
        save(ticket, "merged_into", "status", "resolution", also=next_step.plan(ticket, next_step.nothing()))
        save(into)
        record("ticket.merged", by=by, ticket=into.pk, cause=cause, other=ticket.number)
        record("ticket.merged_into", by=by, ticket=ticket.pk, cause=cause, other=into.number)


def standing(ticket: Ticket) -> Ticket:
    """The ticket that this one ended up in, after any number of merges."""
    seen = {ticket.pk}
    while ticket.merged_into is not None and ticket.merged_into_id not in seen:
        ticket = ticket.merged_into
        seen.add(ticket.pk)
    return ticket
