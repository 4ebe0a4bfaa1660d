"""Claim, then send, then record: never twice, never lost, and when the fate of a reply is unknown a person is asked."""

from typing import Literal

import structlog

from towerdesk.channels.contract import FateUnknown, NotSent, Outgoing
from towerdesk.channels.registry import channel
from towerdesk.delivery.claim import claim
from towerdesk.delivery.compose import compose
from towerdesk.delivery.models import Attempt
from towerdesk.delivery.outcome import delayed, gave_up, lost_sight, not_composed, went_out
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Message

type Outcome = Literal["", "sent", "retry", "failed", "unsure", "waits"]
"""Empty: nothing was to be done. `waits`: something is missing before anything can be sent."""

MOST = 200  # at a time
ENOUGH = 3  # delays in a row: the relay is down, so leave the rest for the next round

log = structlog.get_logger()


def send(message_id: int) -> Outcome:
    """Send one reply if it is due. Safe to repeat and to run twice at once."""
    due = Message.objects.filter(pk=message_id, delivery="queued", send_after__lte=now())
    message = due.select_related("ticket__inbox", "ticket__requester", "ticket__team", "ticket__assignee").first()
    if message is None:
        return ""
    if missing := channel(message.ticket.inbox.channel).ready():
        due.exclude(delivery_note=missing).update(delivery_note=missing)
        return "waits"
    try:
        outgoing = compose(message)
    except (NotSent, OSError, ValueError) as error:
        return not_composed(message, error)
    attempt = claim(message, outgoing)
    return _hand_over(message, outgoing, attempt) if attempt else ""


def send_due() -> int:
    """Run by the clock: pauses that are over, next tries, and replies that waited for a relay. How many went out."""
    due = Message.objects.filter(delivery="queued", send_after__lte=now()).order_by("send_after")
    went, in_a_row = 0, 0
    for message_id in due.values_list("pk", flat=True)[:MOST]:
        outcome = send(message_id)
        went += outcome == "sent"
        in_a_row = in_a_row + 1 if outcome == "retry" else 0
        if in_a_row >= ENOUGH:
            log.warning("replies wait: the next hop does not take them")
            break
    return went


def _hand_over(message: Message, outgoing: Outgoing, attempt: Attempt) -> Outcome:
    """Outside of any transaction. An error that no channel explains counts as unknown: rather ask than send twice."""
    try:
        sent = channel(message.ticket.inbox.channel).send(outgoing)
    except NotSent as error:
        return delayed(message, attempt, str(error)) if error.later else gave_up(message, attempt, str(error))
    except FateUnknown as error:
        return lost_sight(message, attempt, str(error))
    except Exception as error:
        log.exception("a channel failed in a way that it does not explain", message=message.pk)
        return lost_sight(message, attempt, f"{type(error).__name__} while it was being sent")
    return went_out(message, attempt, outgoing, sent)
