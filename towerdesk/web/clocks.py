"""A ticket's clocks as they are drawn: what each says, and every stretch of time since it began with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from towerdesk.hours.reckon import Piece
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.sla.explain import explain, named
from towerdesk.sla.models import NAMES, Clock
from towerdesk.sla.words import long_words
from towerdesk.tickets.models import Ticket
from towerdesk.web.words import SOON, when_words

WIDTH = 300
MOST = 40  # stretches that are listed, the newest: a clock of months has hundreds
SHAPES = {"running": "ran", "outside": "bed", "paused": "held"}


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    width: float
    shape: str


@dataclass(frozen=True, slots=True)
class Face:
    """`sums` are (reason, how long); `pieces` (from, until, reason, how long); `now` and `due` places on the bar."""

    name: str
    sentence: str
    signal: str  # late, soon or empty
    promise: str
    started: str
    due: str
    bars: list[Bar]
    now: float | None
    due_at: float | None
    sums: list[tuple[str, str]]
    pieces: list[tuple[str, str, str, str]]


def faces(ticket: Ticket) -> list[Face]:
    """Those that run first, by due time, then those that stopped; one query. Clocks that ended unjudged are left out."""
    found = _judged(number=ticket.pk)
    going = sorted((one for one in found if one.is_going), key=lambda one: one.due_at or now() + timedelta(days=9999))
    stopped = [one for one in found if not one.is_going]
    return [face(clock, now()) for clock in (*going, *sorted(stopped, key=lambda one: one.started_at))]


@compiled
def _judged(*, number: int) -> "QuerySet[Clock]":
    return Clock.objects.filter(ticket=number).exclude(state="ended").select_related("policy__calendar")


def face(clock: Clock, at: datetime) -> Face:
    told = explain(clock, at)
    end = max(filter(None, (clock.stopped_at or at, clock.due_at)))
    scale = _Scale(clock.started_at, end)
    return Face(
        name=NAMES[clock.kind],
        sentence=told.sentence,
        signal=_signal(clock, told.left),
        promise=f"{long_words(clock.promise)} promised by {clock.policy}",
        started=when_words(clock.started_at, at),
        due=when_words(clock.due_at, at) if clock.due_at else "",
        bars=[*_bars(told.pieces, scale), *_left(clock, at, scale)],
        now=scale.place(at) if clock.is_going else None,
        due_at=scale.place(clock.due_at) if clock.due_at else None,
        sums=[(name, long_words(length)) for name, length in told.sums],
        pieces=[(*_span(piece, at), named(piece), long_words(piece.length)) for piece in told.pieces[-MOST:]],
    )


def _signal(clock: Clock, left: timedelta) -> str:
    if clock.state == "missed" or left < timedelta(0):
        return "late"
    return "soon" if clock.state == "running" and left < SOON else ""


@dataclass(frozen=True, slots=True)
class _Scale:
    begin: datetime
    end: datetime

    def place(self, moment: datetime) -> float:
        whole = max(self.end - self.begin, timedelta(minutes=1))
        return round(max(0.0, min(1.0, (moment - self.begin) / whole)) * WIDTH, 1)


def _bars(pieces: Iterable[Piece], scale: _Scale) -> Iterable[Bar]:
    for piece in pieces:
        x = scale.place(piece.begin)
        yield Bar(x, max(0.5, round(scale.place(piece.end) - x, 1)), SHAPES[piece.kind])


def _left(clock: Clock, at: datetime, scale: _Scale) -> list[Bar]:
    if not clock.is_going or clock.due_at is None or clock.due_at <= at:
        return []
    x, soon = scale.place(at), clock.due_at - at < SOON
    return [Bar(x, round(scale.place(clock.due_at) - x, 1), "left" if soon else "calm-left")]


def _span(piece: Piece, at: datetime) -> tuple[str, str]:
    return when_words(piece.begin, at), when_words(piece.end, at)
