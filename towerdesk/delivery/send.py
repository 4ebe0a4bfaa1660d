"""Claim, then send, then record: never twice, never lost, and when the fate of a reply is unknown a person is asked."""

from collections import Counter
from datetime import datetime
from typing import Literal

import structlog
from django.db.models import QuerySet

from towerdesk.channels.account import not_ready
from towerdesk.channels.contract import FateUnknown, NotSent, Outgoing
from towerdesk.channels.registry import channel
from towerdesk.channels.trouble import in_trouble, out_of_trouble
from towerdesk.delivery.claim import claim, waits_for
from towerdesk.delivery.compose import compose
from towerdesk.delivery.models import Attempt
from towerdesk.delivery.outcome import delayed, gave_up, lost_sight, not_composed, went_out
from towerdesk.delivery.way_out import way_out
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.tickets.models import Message

type Outcome = Literal["", "sent", "retry", "failed", "unsure", "waits"]
"""Empty: nothing was to be done. `waits`: something is missing before anything can be sent."""

MOST = 200  # at a time
ENOUGH = 3  # delays of one inbox in a row: its relay is down, so leave the rest for the next round
ENDED = ("sent", "failed", "unsure")
FIRST = "An earlier reply has to leave first."

log = structlog.get_logger()


def send(message_id: int) -> Outcome:
    """Send one reply if it is due, then what waited behind it. Safe to repeat and to run twice at once."""
    outcome = _send(message_id)
    if outcome in ENDED:
        _send_next(message_id)
    return outcome


def _send(message_id: int) -> Outcome:
    due: list[Message] = _due(number=message_id, at=now())
    if not due:
        return ""
    message = due[0]
    try:
        if missing := _missing(message):
            still = Message.objects.filter(pk=message_id, delivery="queued", send_after__lte=now())
            still.exclude(delivery_note=missing).update(delivery_note=missing)
            return "waits"
        outgoing = compose(message)
    except (NotSent, OSError, ValueError) as error:
        return not_composed(message, error)
    attempt = claim(message, outgoing)
    return _hand_over(message, outgoing, attempt) if attempt else ""


@compiled
def _due(*, number: int, at: datetime) -> "QuerySet[Message]":
    due = Message.objects.filter(pk=number, delivery="queued", send_after__lte=at)
    return due.select_related("ticket__inbox", "ticket__requester", "ticket__team", "ticket__assignee")


def _missing(message: Message) -> str:
    """What has to be there before anything can be sent: an account, or an earlier reply that must leave first."""
    return not_ready(way_out(message)) or (FIRST if waits_for(message, message.ticket) else "")


def _send_next(message_id: int) -> None:
    """A loop, not a recursion: a long queue may stand behind a reply that could not leave for a while."""
    sent = Message.objects.select_related("ticket__inbox").get(pk=message_id)
    if channel(sent.ticket.inbox.channel).identity == "email":
        return
    behind = Message.objects.filter(ticket=sent.ticket_id, pk__gt=message_id, direction="out", public=True)
    for later in behind.filter(delivery="queued", send_after__lte=now()).order_by("pk").values_list("pk", flat=True):
        if _send(later) not in ENDED:
            break


def send_due() -> int:
    """Run by the clock: pauses that are over, next tries, and replies that waited for a relay. How many went out.

    In the order in which they were written, so that a later one never finds an earlier one of its ticket still waiting.
    """
    due = Message.objects.filter(delivery="queued", send_after__lte=now()).order_by("send_after", "pk")
    went, in_a_row = 0, Counter[int]()
    for message_id, inbox in due.values_list("pk", "ticket__inbox")[:MOST]:
        if in_a_row[inbox] >= ENOUGH:
            continue
        outcome = send(message_id)
        went += outcome == "sent"
        in_a_row[inbox] = in_a_row[inbox] + 1 if outcome == "retry" else 0
        if in_a_row[inbox] == ENOUGH:
            log.warning("replies wait: the next hop does not take them", inbox=inbox)
    return went


def _hand_over(message: Message, outgoing: Outgoing, attempt: Attempt) -> Outcome:
    """Outside of any transaction. An error that no channel explains counts as unknown: rather ask than send twice."""
    inbox = way_out(message)
    try:
        sent = channel(inbox.channel).send(outgoing)
    except NotSent as error:
        if error.trouble:
            in_trouble(inbox, str(error))
        later = error.later
        return delayed(message, attempt, str(error), error.after) if later else gave_up(message, attempt, str(error))
    except FateUnknown as error:
        return lost_sight(message, attempt, str(error))
    except Exception as error:
        log.exception("a channel failed in a way that it does not explain", message=message.pk)
        return lost_sight(message, attempt, f"{type(error).__name__} while it was being sent")
    out_of_trouble(inbox)
    return went_out(message, attempt, outgoing, sent)
