"""Somebody outside put a sign to a message, such as a thumb: a line on the ticket, once."""

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.text import one_line, storable
from towerdesk.tickets.hold import hold_ticket_of
from towerdesk.tickets.models import Message


def react(message: Message, sign: str, *, by: Actor, cause: Event | None = None) -> bool:
    """Whether it is news: the same sign of the same person on the same message says nothing more."""
    by.must("ticket.receive")
    sign = one_line(storable(sign), 40)
    with transaction.atomic():
        ticket = hold_ticket_of(message)
        said = Event.objects.filter(ticket_id=ticket.pk, kind="message.reacted", subject_id=message.pk)
        if said.filter(actor_id=by.id, data__sign=sign).exists():
            return False
        record("message.reacted", by=by, ticket=ticket.pk, subject=message.pk, cause=cause, sign=sign)
    return True
