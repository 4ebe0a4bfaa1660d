"""Write down what became of an attempt to send."""

from datetime import timedelta
from typing import Literal

from django.db import transaction

from towerdesk.channels.contract import NotSent, Outgoing, Sent
from towerdesk.delivery.models import Attempt
from towerdesk.events.queue import defer
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.insist import insist
from towerdesk.tickets.models import Message
from towerdesk.tickets.undelivered import call_it_sent, failed, unsure

AGAIN_AFTER = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720)]
"""Eight tries within some 22 hours, then a person is told."""
LONGEST_PAUSE = timedelta(hours=6)  # whatever the next hop asks for
SEND_AGAIN = "towerdesk.flow.send_paused"
LATELY = timedelta(days=2)  # a person who sends it again later starts anew


def went_out(message: Message, attempt: Attempt, outgoing: Outgoing, sent: Sent) -> Literal["sent"]:
    refused = "; ".join(f"{who} was refused: {said}" for who, said in sent.refused.items())

    def write() -> None:
        with transaction.atomic():
            _end(attempt, "sent", sent.answer)
            kept = {"to": list(outgoing.to), "cc": list(outgoing.cc), "delivery_note": refused[:500]}
            kept |= {"message_id": sent.id[:400]} if sent.id else {}
            mine = Message.objects.filter(pk=message.pk)
            on_its_way = mine.filter(delivery="sending").update(delivery="sent", sent_at=now(), **kept)
            arrived = mine.filter(delivery__in=("delivered", "read"), sent_at=None).update(sent_at=now(), **kept)
            if on_its_way or arrived:  # the provider may be quicker to say that it arrived than we to write it down
                record("message.sent", by=CLOCK, ticket=message.ticket_id, subject=message.pk, channel=message.channel)
            elif mine.filter(delivery="unsure").update(**kept):
                call_it_sent(message, by=CLOCK)  # it took so long that a person was asked meanwhile

    insist(write)
    return "sent"


def delayed(message: Message, attempt: Attempt, reason: str, after: float = 0.0) -> Literal["retry", "failed"]:
    """It waits in the queue for its next try, where it can still be withdrawn. `after`: seconds that the hop asked for."""
    tries = message.attempts.filter(claimed_at__gt=now() - LATELY, outcome="retry").count()
    if tries >= len(AGAIN_AFTER):
        return gave_up(message, attempt, reason)
    pause = min(timedelta(seconds=after), LONGEST_PAUSE) if after > 0 else AGAIN_AFTER[tries]
    with transaction.atomic():
        _end(attempt, "retry", reason)
        note = f"{reason} It is tried again by itself."
        mine = Message.objects.filter(pk=message.pk, delivery="sending")
        mine.update(delivery="queued", send_after=now() + pause, delivery_note=note[:500])
        if pause < AGAIN_AFTER[0]:
            defer(SEND_AGAIN, after=pause, message=message.pk)  # sooner than the clock would see it
    return "retry"


def gave_up(message: Message, attempt: Attempt, reason: str) -> Literal["failed"]:
    with transaction.atomic():
        _end(attempt, "failed", reason)
        failed(message, reason.rstrip("."), by=CLOCK)
    return "failed"


def lost_sight(message: Message, attempt: Attempt, reason: str) -> Literal["unsure"]:
    def write() -> None:
        with transaction.atomic():
            _end(attempt, "unsure", reason)
            unsure(message, reason.rstrip("."), by=CLOCK)

    insist(write)
    return "unsure"


def not_composed(message: Message, error: Exception) -> Literal["retry", "failed"]:
    """Before any claim: a storage that is away is asked again later, all else needs a person."""
    if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
        waiting = Message.objects.filter(pk=message.pk, delivery="queued")
        note = f"An attachment can't be read now: {error}"
        waiting.update(send_after=now() + AGAIN_AFTER[0], delivery_note=note[:500])
        return "retry"
    reason = str(error) if isinstance(error, NotSent) else f"It could not be put together ({error})"
    failed(message, reason.rstrip("."), by=CLOCK)
    return "failed"


def _end(attempt: Attempt, outcome: str, answer: str) -> None:
    attempt.ended_at, attempt.outcome, attempt.answer = now(), outcome, answer[:2000]
    attempt.save(update_fields=["ended_at", "outcome", "answer"])
