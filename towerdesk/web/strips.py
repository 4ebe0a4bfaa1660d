"""Strips: each ticket as one row of finished words, so that a page of them costs the templates next to nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.text import initials
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.ticket import BAYS, OURS, TicketQuerySet
from towerdesk.web.channel_looks import look_of
from towerdesk.web.words import SOON, due_words, score_words

COLUMNS = (
    "id", "subject", "status", "step_kind", "next_step", "due_at", "priority", "score", "score_proven",
    "requester__name", "organisation__name", "intent__name", "inbox__channel",
    "assignee_id", "assignee__name", "team__name",
)  # fmt: skip
RUNNING = (*OURS, "assistant", "others")
"""The steps whose time is a promise of ours: running out is coloured. In the other bays the clocks stand still."""
WINDOWS = {
    "customer": next_step.REMIND_AFTER,
    "others": next_step.REMIND_AFTER,
    "assistant": next_step.ASSISTANT_WITHIN,
    "close": next_step.CLOSE_AFTER,
}


@dataclass(frozen=True, slots=True)
class Strip:
    """Everything as it is shown. `gone` is how much of the promised time is over, 0 to 100."""

    number: int
    subject: str
    requester: str
    organisation: str
    intent: str
    icon: str
    channel: str
    bay: str
    step: str
    sends: bool
    due: str
    due_at: str  # ISO 8601, for the clock in the browser
    order: int  # seconds since 1970: where it goes in its bay
    time: str  # late, soon or empty
    signal: str  # late, soon, ask, ai or empty
    still: bool
    gone: int
    owner: str
    face: str  # two letters
    owner_kind: str  # person, me, team, assistant
    mark: str
    share: int
    proven: bool
    here: bool = False

    @property
    def html(self) -> SafeString:
        return draw(self, "web/parts/strip.html")

    @property
    def item(self) -> SafeString:
        """As it lies in a bay."""
        return draw(self, "web/parts/item.html")


@lru_cache(4096)
def draw(strip: Strip, template: str) -> SafeString:
    """The same strip is drawn once, whoever looks at it."""
    return mark_safe(get_template(template).render({"s": strip}))  # noqa: S308 - a template escaped it


def strips_of(tickets: TicketQuerySet, actor: Actor, at: datetime | None = None, *, here: int = 0) -> list[Strip]:
    """One query, in the order of the query set. `here` is the number of the ticket that is open beside them."""
    moment, me = at or now(), actor.user_id or 0
    return [strip_of(row, me, moment, here) for row in tickets.values_list(*COLUMNS)]


def first_in_bay(kind: str, most: int, actor: Actor, *, here: int = 0) -> list[Strip]:
    """The first of one bay of the Tower, first due first."""
    moment, me = now(), actor.user_id or 0
    return [strip_of(row, me, moment, here) for row in _first_in_bay(kind, most, actor)]


@compiled
def _first_in_bay(kind: str, most: int, actor: Actor) -> "QuerySet[Ticket, tuple[Any, ...]]":
    """An index chooses the rows before anything is joined to them."""
    first = Ticket.objects.visible_to(actor).first_in_bay(kind, most)
    return Ticket.objects.filter(pk__in=first).order_by("due_at", "id").values_list(*COLUMNS)[:most]


def strip_from(ticket: Ticket, actor: Actor, at: datetime) -> Strip:
    """Of a ticket that was read with `for_strips()`."""
    organisation, intent, assignee = ticket.organisation, ticket.intent, ticket.assignee
    row = (
        ticket.pk, ticket.subject, ticket.status, ticket.step_kind, ticket.next_step, ticket.due_at, ticket.priority,
        ticket.score, ticket.score_proven, ticket.requester.name, organisation and organisation.name,
        intent and intent.name, ticket.inbox.channel, ticket.assignee_id, assignee and assignee.name, str(ticket.team or ""),
    )  # fmt: skip
    return strip_of(row, actor.user_id or 0, at)


def strip_of(row: Iterable[Any], me: int, at: datetime, here: int = 0) -> Strip:
    (
        number, subject, status, kind, step, due_at, priority, score, proven,
        requester, organisation, intent, channel, assignee_id, assignee, team,
    ) = row  # fmt: skip
    runs = kind in RUNNING and status != "closed"
    time = _time(kind, due_at, at) if runs else ""
    owner, owner_kind = _owner(kind, assignee_id, assignee, team, me)
    look = look_of(channel)
    return Strip(
        number=number,
        subject=subject,
        requester=requester or "Somebody",
        organisation=organisation or "",
        intent=intent or "",
        icon=look.icon,
        channel=look.title,
        bay=bay_of(kind),
        step=step,
        sends=step == next_step.SENDS_BY_ITSELF,
        due=_due(status, kind, due_at, at),
        due_at=due_at.isoformat(timespec="seconds") if due_at else "",
        order=int(due_at.timestamp()) if due_at else 0,
        time=time,
        signal=_signal(kind, time),
        still=not runs,
        gone=_gone(kind, priority, due_at, at),
        owner=owner,
        face=initials(owner) if owner_kind in ("person", "me") else owner[:2].capitalize(),
        owner_kind=owner_kind,
        mark=score_words(score) if score is not None else "",
        share=int((score or 0) * 100),
        proven=proven,
        here=number == here,
    )


def bay_of(kind: str) -> str:
    return next((bay for bay, kinds in BAYS.items() if kind in kinds), kind)


def _time(kind: str, due: datetime | None, at: datetime) -> str:
    """The assistant's steps are all short: soon says nothing there."""
    if due is None:
        return ""
    return "late" if due < at else "soon" if due < at + SOON and kind != "assistant" else ""


def _due(status: str, kind: str, due: datetime | None, at: datetime) -> str:
    if status == "closed" or due is None:
        return "closed"
    if due < at and kind not in RUNNING:
        return "now"
    return due_words(due, at)


def _signal(kind: str, time: str) -> str:
    if kind == "approve":
        return "ask"
    if kind == "assistant":
        return "ai"
    return time


def _gone(kind: str, priority: str, due: datetime | None, at: datetime) -> int:
    """Counted back from the due time by what is promised for such a step."""
    if due is None:
        return 0
    window = WINDOWS.get(kind) or next_step.ANSWER_WITHIN.get(priority, timedelta(hours=8))
    return max(0, min(100, int(100 - 100 * (due - at) / window)))


def _owner(kind: str, assignee_id: int | None, assignee: str | None, team: str | None, me: int) -> tuple[str, str]:
    if assignee_id:
        name = assignee or "Somebody"
        return (f"{name} (you)", "me") if assignee_id == me else (name, "person")
    if kind == "assistant":
        return "Assistant", "assistant"
    return team or "Nobody", "team"
