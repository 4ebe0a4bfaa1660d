"""Somebody outside changed what they had written: the message shows the new words, the log keeps the old ones."""

from datetime import datetime

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.text import storable
from towerdesk.tickets.hold import hold_ticket_of
from towerdesk.tickets.models import Message
from towerdesk.tickets.save import save


def edit_message(
    message: Message, text: str, *, at: datetime, html: str = "", by: Actor, cause: Event | None = None
) -> bool:
    """Whether it changed: an edit that is older than the one shown, or says the same, changes nothing."""
    by.must("ticket.receive")
    text, html = storable(text), storable(html)
    with transaction.atomic():
        ticket = hold_ticket_of(message)
        message.refresh_from_db(fields=["visible", "text", "edited_at"])
        if message.edited_at is not None and message.edited_at >= at:
            return False
        was, message.edited_at = message.visible, at
        message.text, message.visible, message.html = text, text, html
        message.save(update_fields=["text", "visible", "html", "edited_at"])
        if was == text:
            return False
        save(ticket)
        record("message.edited", by=by, ticket=ticket.pk, subject=message.pk, cause=cause, was=was)
    return True
