"""Since which moment a schedule counts: for each ticket the occasion's time, or none when there is no such occasion."""

from collections.abc import Callable
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from towerdesk.tickets.models import Message
from towerdesk.tickets.models.ticket import WAITING, TicketQuerySet

OURS = ("agent", "assistant", "key")
"""Whose words count as a reply: a rule's own warning must not begin the silence anew."""


def occasions(tickets: TicketQuerySet, since: str) -> "QuerySet[Any]":
    """The tickets that have the occasion, each with its time as `occasion`."""
    return OCCASIONS[since](tickets)


def _silence(tickets: TicketQuerySet) -> "QuerySet[Any]":
    """Our newest reply, unless the customer wrote after it."""
    timed = tickets.filter(status__in=WAITING).annotate(occasion=_newest(direction="out", author_kind__in=OURS))
    return timed.annotate(theirs=_newest(direction="in", auto="")).filter(Q(theirs=None) | Q(theirs__lte=F("occasion")))


def _unanswered(tickets: TicketQuerySet) -> "QuerySet[Any]":
    timed = tickets.filter(status__in=WAITING).annotate(occasion=_newest(direction="in"))
    return timed.annotate(ours=_newest(direction="out", author_kind__in=OURS)).filter(
        Q(ours=None) | Q(ours__lte=F("occasion"))
    )


def _newest(**which: Any) -> Subquery:
    messages = Message.objects.filter(ticket=OuterRef("pk"), public=True, **which).exclude(delivery="withdrawn")
    return Subquery(messages.order_by("-created_at", "-id").values("created_at")[:1])


OCCASIONS: "dict[str, Callable[[TicketQuerySet], QuerySet[Any]]]" = {
    "silence": _silence,
    "unanswered": _unanswered,
    "opened": lambda tickets: tickets.exclude(status="closed").annotate(occasion=F("created_at")),
    "resolved": lambda tickets: tickets.filter(status="resolved").annotate(
        occasion=Coalesce("resolved_at", "updated_at")
    ),
    "due": lambda tickets: tickets.filter(status__in=WAITING).annotate(occasion=F("due_at")),
}
