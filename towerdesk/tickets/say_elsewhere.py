"""One of us answered past the desk, such as in the provider's own app: it stands on the ticket as ours."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.files import Kept
from towerdesk.lib.text import storable
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Attachment, Message, Ticket
from towerdesk.tickets.save import save
from towerdesk.tickets.withdraw import withdraw_pending

KIND, NAME = "elsewhere", "Past the desk"
"""`author_kind` and name: the provider does not say who it was, nor whether a person did it."""


def say_elsewhere(
    ticket: Ticket,
    text: str,
    *,
    named: str,
    at: datetime | None = None,
    files: Sequence[Kept] = (),
    by: Actor,
    cause: Event | None = None,
) -> Message:
    """`named` is the provider's id. What the assistant has in its pause stays unsaid; whether all is answered, a person decides.

    It is no answer for the clocks: a greeting that the provider sends by itself looks the same.
    """
    by.must("ticket.receive")
    with transaction.atomic():
        ticket.hold()
        message = Message.objects.create(
            ticket=ticket,
            direction="out",
            author_kind=KIND,
            author_name=NAME,
            channel=ticket.inbox.channel,
            text=storable(text),
            visible=storable(text),
            message_id=storable(named)[:400],
            delivery="sent",
            sent_at=at or now(),
            created_at=at or now(),
        )
        if files:
            Attachment.objects.bulk_create(kept.attach_to(Attachment, message) for kept in files)
        stopped = withdraw_pending(ticket, "Somebody answered past the desk", by=by, cause=cause)
        save(ticket, also=next_step.plan(ticket, next_step.answer(ticket)) if stopped else ())
        record("message.elsewhere", by=by, ticket=ticket.pk, subject=message.pk, cause=cause, channel=message.channel)
    return message
