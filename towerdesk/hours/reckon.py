"""Business time: add to an instant, measure between two, find what opens and closes next. Pure: no database, no Django.

All instants are aware; results are in UTC. Exact to the microsecond, through every change of the clocks (see `opening`).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from towerdesk.hours.opening import Hours, Span, year_of
from towerdesk.lib.errors import Invalid

type Pause = tuple[datetime, datetime | None, str]
"""From, until (None: still), and why. In order, apart from each other."""

ZERO = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
HORIZON = 100  # years: what has not come about by then never will
AHEAD = 3  # years: a calendar without a change for so long has none


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch in which the clock did one thing; pieces that follow each other leave out nothing."""

    begin: datetime
    end: datetime
    kind: Literal["running", "outside", "paused"]
    why: str = ""

    @property
    def length(self) -> timedelta:
        return self.end - self.begin


def between(hours: Hours, begin: datetime, end: datetime) -> timedelta:
    """Open time from `begin` until `end`; negative when `end` is earlier."""
    return (_open_before(hours, _micro(end), begin) - _open_before(hours, _micro(begin), begin)) * MICROSECOND


def add(hours: Hours, begin: datetime, length: timedelta) -> datetime:
    """The first instant at which `length` has been open since `begin`. Raises `Invalid` when that never comes."""
    amount, first = length // MICROSECOND, begin.astimezone(UTC).year
    if amount <= 0:
        return begin.astimezone(UTC)
    amount += year_of(hours, first).until(_micro(begin))
    for number in range(first, min(first + HORIZON, 9998)):
        year = year_of(hours, number)
        if amount <= year.total:
            return _instant(year.reach(amount))
        amount -= year.total
    raise Invalid("This calendar does not open often enough for that: give it opening hours.")


def due(hours: Hours, begin: datetime, length: timedelta, pauses: Iterable[Pause] = ()) -> datetime | None:
    """As `add`, but what lies in a pause does not count. None while a pause that has no end keeps it from coming.

    A pause that begins in the very moment comes first: what is done in time stops the clock with nothing left on it.
    """
    left = length
    for at, until, _ in pauses:
        ran = between(hours, begin, max(begin, at))
        if ran > left or (ran == left and add(hours, begin, left) < at):
            break
        left -= ran
        if until is None:
            return None
        begin = max(begin, until)
    return add(hours, begin, left)


def used(hours: Hours, begin: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
    """Open time from `begin` until `end` outside the pauses."""
    spent = between(hours, begin, end)
    for at, until, _ in pauses:
        low, high = max(begin, at), min(end, until or end)
        if low < high:
            spent -= between(hours, low, high)
    return spent


def next_open(hours: Hours, moment: datetime) -> datetime | None:
    """`moment` itself when it is open then; None when it never opens."""
    at = _micro(moment)
    start = next((start for start, _ in _spans_from(hours, at)), None)
    return None if start is None else _instant(max(start, at))


def next_close(hours: Hours, moment: datetime) -> datetime | None:
    """The end of the stretch that is open at `moment` or opens next; None when it never closes."""
    found: int | None = None
    for start, end in _spans_from(hours, _micro(moment)):
        if found is not None and start > found:
            return _instant(found)
        found = end
    return None


def is_open(hours: Hours, moment: datetime) -> bool:
    return next_open(hours, moment) == moment


def account(hours: Hours, begin: datetime, end: datetime, pauses: Sequence[Pause] = ()) -> list[Piece]:
    """Every moment from `begin` until `end`, attributed: running, outside the hours, or paused and why."""
    pieces: list[Piece] = []
    for at, until, why in pauses:
        low, high = max(begin, at), min(end, until or end)
        if low < high:
            pieces += [*_unpaused(hours, begin, low), Piece(low, high, "paused", why)]
            begin = high
    return [*pieces, *_unpaused(hours, begin, end)]


def _unpaused(hours: Hours, begin: datetime, end: datetime) -> Iterator[Piece]:
    while begin < end:
        opens = next_open(hours, begin)
        if opens is None or opens >= end:
            yield Piece(begin, end, "outside")
            return
        if opens > begin:
            yield Piece(begin, opens, "outside")
        begin = min(next_close(hours, opens) or end, end)
        yield Piece(opens, begin, "running")


def _open_before(hours: Hours, moment: int, origin: datetime) -> int:
    """Open microseconds before `moment`, counted from the year of `origin` on (back from it for an earlier moment)."""
    first, number = origin.astimezone(UTC).year, _instant(moment).year
    whole = sum(year_of(hours, year).total for year in range(first, number))
    whole -= sum(year_of(hours, year).total for year in range(number, first))
    return whole + year_of(hours, number).until(moment)


def _spans_from(hours: Hours, moment: int) -> Iterator[Span]:
    """The spans that end after this moment, of its year and of the next ones, until nothing new is to be expected."""
    first = _instant(moment).year
    for number in range(first, min(first + AHEAD, 9998)):
        year = year_of(hours, number)
        for place in range(bisect_right(year.ends, moment), len(year.ends)):
            yield year.starts[place], year.ends[place]


def _micro(moment: datetime) -> int:
    return (moment - ZERO) // MICROSECOND


def _instant(moment: int) -> datetime:
    return ZERO + moment * MICROSECOND
