"""Somebody outside undid the deletion of what they had written: it stands again."""

from datetime import datetime

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.tickets.hold import hold_ticket_of
from towerdesk.tickets.models import Message
from towerdesk.tickets.save import save


def put_back(message: Message, *, at: datetime, by: Actor, cause: Event | None = None) -> bool:
    """Whether it is news. Heard before the deletion that it undoes it is remembered: see `put_back_at`."""
    by.must("ticket.receive")
    with transaction.atomic():
        ticket = hold_ticket_of(message)
        message.refresh_from_db(fields=["taken_back_at"])
        last, taken = put_back_at(message), message.taken_back_at
        if (last and last >= at) or (taken and taken >= at):
            return False
        message.taken_back_at = None
        message.save(update_fields=["taken_back_at"])
        save(ticket)
        record("message.put_back", by=by, ticket=ticket.pk, subject=message.pk, cause=cause, at=at.isoformat())
    return True


def put_back_at(message: Message) -> datetime | None:
    """When its last deletion that we know of was undone: older ones, heard late, change nothing."""
    said = Event.objects.filter(ticket_id=message.ticket_id, kind="message.put_back", subject_id=message.pk)
    moments = [datetime.fromisoformat(data["at"]) for data in said.values_list("data", flat=True)]
    return max(moments, default=None)
