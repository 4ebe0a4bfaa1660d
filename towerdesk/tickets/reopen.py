"""Take a resolved or closed ticket up again."""

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.save import save


def reopen(ticket: Ticket, why: str, *, by: Actor, cause: Event | None = None) -> None:
    """A reopened resolution counts as `reopened`: whoever resolved it, it did not hold."""
    by.must("ticket.reopen")
    with transaction.atomic():
        ticket.hold()
        if ticket.status not in ("resolved", "closed"):
            return
        ticket.status, ticket.known_by, ticket.handler = "open", "reopened", "person"
        step = next_step.plan(ticket, next_step.answer(ticket))
        save(ticket, "status", "known_by", "handler", also=step)
        record("ticket.reopened", by=by, ticket=ticket.pk, cause=cause, why=why)
