"""After a crash between claim and record nobody knows whether a reply left: ask a person, and do what they say."""

from datetime import timedelta

from django.db import transaction

from towerdesk.delivery.models import Attempt
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.tickets import undelivered
from towerdesk.tickets.hold import hold_ticket_of
from towerdesk.tickets.models import Message

SILENT_FOR = timedelta(minutes=5)
REASON = "The desk stopped while it was being sent"


def recover() -> int:
    """Run by the clock. How many were found."""
    open_ones = Attempt.objects.filter(outcome="", claimed_at__lt=now() - SILENT_FOR).select_related("message__ticket")
    return sum(_ask(attempt) for attempt in open_ones.order_by("pk")[:100])


def resend(message: Message, *, by: Actor) -> None:
    """A person decided that it shall go out, once more if need be. It leaves with the same Message-ID."""
    undelivered.send_again(message, by=by)


def call_it_sent(message: Message, *, by: Actor) -> None:
    """A person found out that it did go out."""
    undelivered.call_it_sent(message, by=by)


def _ask(attempt: Attempt) -> bool:
    with transaction.atomic():
        hold_ticket_of(attempt.message)
        still_open = Attempt.objects.filter(pk=attempt.pk, outcome="")
        ended = still_open.update(outcome="unsure", ended_at=now(), answer=REASON)
        state = Message.objects.filter(pk=attempt.message_id).values_list("delivery", flat=True).get()
        if ended and state == "sending":
            undelivered.unsure(attempt.message, REASON, by=CLOCK)
        return bool(ended)
