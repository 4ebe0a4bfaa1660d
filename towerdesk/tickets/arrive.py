"""The provider says how far a reply has come: it was sent, delivered, read. Words that come late never lead it back."""

from typing import Literal

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.hold import hold_ticket_of
from towerdesk.tickets.models import Message
from towerdesk.tickets.undelivered import bounced, call_it_sent

type How = Literal["sent", "delivered", "read", "failed"]

RANK = {"sent": 1, "failed": 2, "bounced": 2, "delivered": 3, "read": 4}
"""What says more wins, in whatever order it is heard: who has read it has got it, whatever failed on the way."""

NOT_OUT = ("", "withdrawn")


def arrive(message: Message, how: How, *, reason: str = "", by: Actor, cause: Event | None = None) -> bool:
    """Whether it is news. It opens nothing and wakes nobody, unless the reply `failed`: then a person is asked."""
    by.must("ticket.receive")
    with transaction.atomic():
        ticket = hold_ticket_of(message)
        message.refresh_from_db(fields=["delivery"])
        if message.channel == "email" and message.delivery == "bounced":
            return False  # it has many recipients, and that one got it says nothing of whom it did not reach
        if message.delivery in NOT_OUT or RANK[how] <= RANK.get(message.delivery, 0):
            return False
        if how == "failed":
            bounced(message, reason or "The provider does not say why", by=by, cause=cause)
            return True
        if message.delivery == "unsure":
            call_it_sent(message, by=by, cause=cause)
        if message.delivery == "queued":
            _it_did_leave(message, by=by, cause=cause)
        if how != "sent":
            Message.objects.filter(pk=message.pk).update(delivery=how, delivery_note="")
            record("message.arrived", by=by, ticket=ticket.pk, subject=message.pk, cause=cause, how=how)
    return True


def _it_did_leave(message: Message, *, by: Actor, cause: Event | None) -> None:
    """It was to be tried again, since nobody had heard that it was taken: now it must not leave once more."""
    Message.objects.filter(pk=message.pk).update(delivery="sent", delivery_note="", sent_at=now())
    record("message.sent", by=by, ticket=message.ticket_id, subject=message.pk, cause=cause, channel=message.channel)
