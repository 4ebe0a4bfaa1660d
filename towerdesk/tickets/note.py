"""Write a note that only we can read; `@name` in it tells a colleague."""

from collections.abc import Sequence

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid
from towerdesk.lib.files import Kept
from towerdesk.lib.rows import insert
from towerdesk.lib.text import storable
from towerdesk.tickets.mention import tell_mentioned
from towerdesk.tickets.models import Attachment, Message, Ticket
from towerdesk.tickets.save import save


def note(ticket: Ticket, text: str, *, by: Actor, files: Sequence[Kept] = (), cause: Event | None = None) -> Message:
    by.must("ticket.note")
    if not text.strip():
        raise Invalid("The note is empty: write something first.")
    with transaction.atomic():
        ticket.hold()
        message = insert(
            Message(
                ticket=ticket,
                direction="out",
                public=False,
                author_kind=by.kind,
                author_id=by.id,
                author_name=by.name[:200],
                channel="note",
                text=storable(text),
                visible=storable(text),
                created_at=now(),
            )
        )
        if files:
            Attachment.objects.bulk_create(kept.attach_to(Attachment, message) for kept in files)
        save(ticket)
        record("message.noted", by=by, ticket=ticket.pk, subject=message.pk, cause=cause)
        if by.kind != "assistant":  # what it writes down may quote a customer
            tell_mentioned(ticket, message, by=by, cause=cause)
    return message
