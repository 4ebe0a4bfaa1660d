"""How far the assistant may go with one proposal: the ladder, what caps it, and the licence it needs."""

import hashlib
import inspect
import math
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db.models import F, Q, QuerySet

from towerdesk.assistant.holdout import arm_of
from towerdesk.assistant.models import Licence
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.tickets.models import Intent, Message, Ticket

ALPHA = {"information": 0.05, "account": 0.02, "money": 0.01}
"""The highest error rate a licence may allow, by the intent's risk class."""
DELTA = 0.05
LASTS = timedelta(days=60)
ALONE = ("pause", "send")
"""Levels at which an intent may be answered alone, if it holds a licence."""
PAUSE = timedelta(minutes=2)
UNPROVEN = {"answer": "", "action": " by its procedure"}
WANTS_PERSON = "The customer asks for a person"
"""The one caution that always hands over, whatever else holds: the customer is told, and nothing is suggested instead."""
LEAST_SCORE = 0.15
"""Below this a suggestion costs a reader more than it helps: the ticket goes to a person without one."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`outcome` is one of `models.OUTCOMES`; `why` is a sentence for the person who takes over.

    `arm` is `alone` or `people` when chance decided between the two, else empty.
    """

    outcome: str
    why: str = ""
    licence: Licence | None = None
    arm: str = ""


def judge(
    ticket: Ticket,
    message: Message,
    intent: Intent | None,
    *,
    score: float,
    proposed: bool,
    failed: str,
    caution: str,
    rests_on: int | None = None,
    kind: str = "answer",
    decider: str = "",
) -> Judgement:
    """`failed` names a check that did not hold, `caution` a reason in the message itself to want a person; else empty.

    `rests_on` is the article version that the proposal cites first, `decider` the fingerprint of what made it (empty: not asked).
    """
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
    return by_licence(ticket, message, intent, score, rests_on, kind, decider)


def is_eligible(message: Message, *, proposed: bool, failed: str, caution: str) -> bool:
    """Whether only score and licence stand between this proposal and the customer: what licences are certified on."""
    return proposed and not failed and not caution and not message.auto


def by_licence(
    ticket: Ticket,
    message: Message,
    intent: Intent,
    score: float,
    rests_on: int | None = None,
    kind: str = "answer",
    decider: str = "",
) -> Judgement:
    """Nothing speaks against it: whether it may be done alone, and whether chance gives it to people all the same."""
    if intent.level == "suggest":
        return Judgement("draft", f"{intent.name} is answered with a person's approval")
    if intent.risk == "money":
        return Judgement("draft", "Money and legal matters need a person's approval")
    if ticket.assignee is not None:
        return Judgement("draft", f"{ticket.assignee.first_name} has this ticket")
    if message.auto:
        return Judgement("draft", "The message was sent by a machine")
    licence = valid_licence(intent, kind)
    if licence is None:
        return Judgement("draft", f"There is no licence for {intent.name}{UNPROVEN[kind]}")
    if score < licence.threshold:
        return Judgement("draft", _too_low(score, licence), licence)
    if decider and licence.fingerprints.get("decider", decider) != decider:
        return Judgement("draft", "What decides has changed since the licence was earned")
    if not licence.covers(rests_on):
        return Judgement("draft", "It rests on an article that was changed after the licence was earned")
    arm = arm_of(ticket)
    if arm == "people":
        return Judgement("draft", "Chance gave this one to people, to compare with", licence, arm)
    return Judgement("pause" if intent.level == "pause" else "sent", "", licence, arm)


def valid_licence(intent: Intent, kind: str = "answer") -> Licence | None:
    """Its own, or that of its risk class together while it is a member that has not been left out."""
    found = next(iter(_valid(intent=intent.pk, kind=kind, at=now())), None)
    return found if found and found.lets_out(intent.pk) else None


@compiled
def _valid(*, intent: int, kind: str, at: datetime) -> "QuerySet[Licence]":
    own_or_pooled = Q(intent=intent) | Q(intent=None, members=intent)
    valid = Licence.objects.filter(own_or_pooled, kind=kind, ended_at=None, expires_at__gt=at)
    return valid.order_by(F("intent").asc(nulls_last=True))


def own_licence(intent: Intent, kind: str = "answer") -> Licence | None:
    return next(iter(_licences(intent=intent.pk, kind=kind)), None)


@compiled
def _licences(*, intent: int, kind: str) -> "QuerySet[Licence]":
    return Licence.objects.filter(intent=intent, kind=kind, ended_at=None)


@cache
def fingerprint() -> str:
    """Changes whenever this page changes: what was graded under another policy does not count."""
    return hashlib.sha256(inspect.getsource(sys.modules[__name__]).encode()).hexdigest()[:16]


def _too_low(score: float, licence: Licence) -> str:
    """The score is cut and the limit rounded up, so that the two never look the same."""
    return f"The score {math.floor(score * 100) / 100:.2f} is below the licensed {math.ceil(licence.threshold * 100) / 100:.2f}"
