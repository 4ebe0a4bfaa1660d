"""A clock explains itself: every second since it started is running, outside the hours, or paused for a reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from towerdesk.hours import reckon
from towerdesk.hours.opening import ALWAYS
from towerdesk.lib.clock import now
from towerdesk.sla.models import Clock
from towerdesk.sla.words import long_words


@dataclass(frozen=True, slots=True)
class Explained:
    """`pieces` follow each other without a gap from the start to the stop, or to now; `sums` add them up by reason."""

    pieces: list[reckon.Piece]
    sums: list[tuple[str, timedelta]]
    used: timedelta
    left: timedelta  # negative when it is late
    sentence: str


def explain(clock: Clock, at: datetime | None = None) -> Explained:
    """Of a clock read with its policy's calendar."""
    end = clock.stopped_at or at or now()
    calendar = clock.policy.calendar
    hours = calendar.hours if calendar else ALWAYS
    pauses = [(_moment(begin), _moment(until) if until else None, why) for begin, until, why in clock.pauses]
    pieces = reckon.account(hours, clock.started_at, end, pauses)
    used = reckon.used(hours, clock.started_at, end, pauses)
    return Explained(pieces, _sums(pieces), used, clock.promise - used, _sentence(clock, pieces, used))


def _sums(pieces: list[reckon.Piece]) -> list[tuple[str, timedelta]]:
    found: dict[str, timedelta] = {}
    for piece in pieces:
        name = named(piece)
        found[name] = found.get(name, timedelta(0)) + piece.length
    return list(found.items())


def named(piece: reckon.Piece) -> str:
    return {"running": "running", "outside": "outside hours", "paused": f"paused: {piece.why}"}[piece.kind]


def _sentence(clock: Clock, pieces: list[reckon.Piece], used: timedelta) -> str:
    """What it does now, in one sentence."""
    left = clock.promise - used
    rest = f"{long_words(left)} left" if left > timedelta(0) else f"{long_words(-left)} late"
    if clock.state == "met":
        return f"Kept: {long_words(used)} of {long_words(clock.promise)}"
    if clock.state == "missed":
        return f"Too late: {long_words(used)} instead of {long_words(clock.promise)}"
    if clock.state == "ended":
        return "No longer promised"
    if clock.state == "paused":
        return f"Stands still, {clock.pauses[-1][2]}: {rest}"
    if pieces and pieces[-1].kind == "outside":
        return f"Outside hours: {rest}"
    return f"Running: {rest}"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
