"""How far the assistant may go with one proposal: the ladder, what caps it, and the licence it needs."""

import hashlib
import inspect
import sys
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.db.models import QuerySet

from towerdesk.assistant.models import Licence
from towerdesk.lib.compiled import compiled
from towerdesk.tickets.models import Intent, Message, Ticket

ALPHA = {"information": 0.05, "account": 0.02, "money": 0.01}
"""The highest error rate a licence may allow, by the intent's risk class."""
DELTA = 0.05
LASTS = timedelta(days=60)
PAUSE = timedelta(minutes=2)
WANTS_PERSON = "The customer asks for a person"
"""The one caution that always hands over, whatever else holds: the customer is told, and nothing is suggested instead."""
LEAST_SCORE = 0.15
"""Below this a suggestion costs a reader more than it helps: the ticket goes to a person without one."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`outcome` is one of `models.OUTCOMES`; `why` is a sentence for the person who takes over."""

    outcome: str
    why: str = ""
    licence: Licence | None = None


def judge(
    ticket: Ticket, message: Message, intent: Intent | None, *, score: float, proposed: bool, failed: str, caution: str
) -> Judgement:
    """`failed` names a check that did not hold, `caution` a reason in the message itself to want a person; else empty."""
    if caution == WANTS_PERSON:
        return Judgement("handed_over", caution)
    if intent is None or not intent.active:
        return Judgement("handed_over", caution or "It is not clear what this is about")
    if intent.level == "off":
        return Judgement("silent", f"The assistant is switched off for {intent.name}")
    if not proposed or score < LEAST_SCORE:
        return Judgement("handed_over", caution or "No article answers this")
    if intent.level == "shadow":
        return Judgement("shadow", f"The assistant only watches {intent.name} so far")
    if failed or caution:
        return Judgement("draft", failed or caution)
    return _by_licence(ticket, message, intent, score)


def is_eligible(message: Message, *, proposed: bool, failed: str, caution: str) -> bool:
    """Whether only score and licence stand between this proposal and the customer: what licences are certified on."""
    return proposed and not failed and not caution and not message.auto


def _by_licence(ticket: Ticket, message: Message, intent: Intent, score: float) -> Judgement:
    if intent.level == "suggest":
        return Judgement("draft", f"{intent.name} is answered with a person's approval")
    if intent.risk == "money":
        return Judgement("draft", "Money and legal matters need a person's approval")
    if ticket.assignee is not None:
        return Judgement("draft", f"{ticket.assignee.first_name} has this ticket")
    if message.auto:
        return Judgement("draft", "The message was sent by a machine")
    licence = valid_licence(intent)
    if licence is None:
        return Judgement("draft", f"There is no licence for {intent.name}")
    if score < licence.threshold:
        return Judgement("draft", f"The score {score:.2f} is below the licensed {licence.threshold:.2f}", licence)
    return Judgement("pause" if intent.level == "pause" else "sent", "", licence)


def valid_licence(intent: Intent, kind: str = "answer") -> Licence | None:
    return next(iter(_licences(intent=intent.pk, kind=kind)), None)


@compiled
def _licences(*, intent: int, kind: str) -> "QuerySet[Licence]":
    return Licence.objects.filter(intent=intent, kind=kind, ended_at=None)


@cache
def fingerprint() -> str:
    """Changes whenever this page changes: what was graded under another policy does not count."""
    return hashlib.sha256(inspect.getsource(sys.modules[__name__]).encode()).hexdigest()[:16]
