"""Put a ticket out of sight until a time. It comes back by the clock, or as soon as the customer writes."""

from datetime import datetime, timedelta

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.text import one_line, storable
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.save import save

LONGEST = timedelta(days=366)


def snooze(ticket: Ticket, until: datetime, why: str = "", *, by: Actor, cause: Event | None = None) -> None:
    """`until` is aware. The status stays, so nobody's clock is stopped by looking away."""
    by.must("ticket.snooze")
    if until.tzinfo is None or not now() < until < now() + LONGEST:
        raise Invalid("Choose a moment between now and a year from now at which the ticket shall come back.")
    with transaction.atomic():
        ticket.hold()
        if not ticket.is_waiting:
            raise Conflict(f"Ticket {ticket.number} is {ticket.get_status_display().lower()}: open it again first.")
        reason = one_line(storable(why), 120)
        save(ticket, also=next_step.plan(ticket, next_step.sleep(ticket, until, reason)))
        record("ticket.snoozed", by=by, ticket=ticket.pk, cause=cause, until=until.isoformat(), why=reason)


def wake(ticket: Ticket, why: str = "", *, by: Actor, cause: Event | None = None) -> bool:
    """Back before us; `why` begins the sentence of the next step. False when it is awake."""
    by.must("ticket.snooze")
    with transaction.atomic():
        ticket.hold()
        if ticket.step_kind != "snooze":
            return False
        save(ticket, also=next_step.plan(ticket, _step(ticket, why)))
        record("ticket.woken", by=by, ticket=ticket.pk, cause=cause, why=why)
    return True


def _step(ticket: Ticket, why: str) -> next_step.Step:
    step = next_step.after_status(ticket)
    return next_step.Step(step.kind, f"{why}. {step.sentence}" if why else step.sentence, step.due)
