"""Tell the customer by the desk itself what happens now. It is no answer: no clock stops and no step changes by it."""

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.rows import inserting
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.models.message import RECEIPT
from towerdesk.tickets.outgoing import outgoing


def give_receipt(ticket: Ticket, text: str, *, by: Actor, cause: Event) -> Message | None:
    """Once for what it is the receipt of: None when `cause` has had one."""
    by.must("ticket.reply")
    with transaction.atomic():
        ticket.hold()
        if Event.objects.of(ticket.pk).filter(kind="message.receipt", cause_id=cause.pk).exists():
            return None
        message = outgoing(ticket, text, by=by, warrant=RECEIPT)
        new = inserting(message)
        record("message.receipt", by=by, ticket=ticket.pk, subject=new, cause=cause, channel=message.channel)
    return message
