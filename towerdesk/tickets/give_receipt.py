"""Tell the customer by the desk itself what happens now. It is no answer: no clock stops and no step changes by it."""

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.html import from_text
from towerdesk.lib.rows import insert
from towerdesk.lib.text import storable
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.models.message import RECEIPT


def give_receipt(ticket: Ticket, text: str, *, by: Actor, cause: Event) -> Message | None:
    """Once for what it is the receipt of: None when `cause` has had one."""
    by.must("ticket.reply")
    with transaction.atomic():
        ticket.hold()
        if Event.objects.of(ticket.pk).filter(kind="message.receipt", cause_id=cause.pk).exists():
            return None
        message = insert(
            Message(
                ticket=ticket,
                direction="out",
                author_kind=by.kind,
                author_id=by.id,
                author_name=by.name[:200],
                channel=ticket.inbox.channel,
                subject=ticket.subject,
                text=storable(text),
                visible=storable(text),
                html=from_text(text),
                warrant=RECEIPT,
                delivery="queued",
                send_after=now(),
                created_at=now(),
            )
        )
        record("message.receipt", by=by, ticket=ticket.pk, subject=message.pk, cause=cause, channel=message.channel)
    return message
