"""Somebody outside deleted what they had written: it is marked, and people here still see it."""

from datetime import datetime

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.tickets.hold import hold_ticket_of
from towerdesk.tickets.models import Message
from towerdesk.tickets.put_back import put_back_at
from towerdesk.tickets.save import save


def retract(message: Message, *, at: datetime, by: Actor, cause: Event | None = None) -> bool:
    """Whether it is news: it was not taken back before, nor put back after `at`."""
    by.must("ticket.receive")
    with transaction.atomic():
        ticket = hold_ticket_of(message)
        message.refresh_from_db(fields=["taken_back_at"])
        was, back = message.taken_back_at, put_back_at(message)
        if (was and was >= at) or (back and back >= at):
            return False
        message.taken_back_at = at
        message.save(update_fields=["taken_back_at"])
        if was:
            return False
        save(ticket)
        record("message.taken_back", by=by, ticket=ticket.pk, subject=message.pk, cause=cause)
    return True
