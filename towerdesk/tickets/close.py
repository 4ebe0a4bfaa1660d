"""Close a ticket for good: nothing happens next."""

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.resolve import confirm
from towerdesk.tickets.save import save


def close(ticket: Ticket, why: str = "", *, by: Actor, cause: Event | None = None) -> None:
    """Silence until now makes an unknown resolution an assumed one."""
    by.must("ticket.close")
    with transaction.atomic():
        ticket.hold()
        if ticket.status == "closed":
            return
        if ticket.known_by == "unknown":
            confirm(ticket, "assumed", by=by, cause=cause)
        ticket.status = "closed"
        save(ticket, "status", also=next_step.plan(ticket, next_step.nothing()))
        record("ticket.closed", by=by, ticket=ticket.pk, cause=cause, why=why)
