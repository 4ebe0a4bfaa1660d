"""Turn opening hours into spans of absolute time.

**The clock on the wall decides**: an instant is open exactly when the wall time it has in the zone lies in an interval of
its local date. A wall time that is skipped in spring was never open; one that comes twice in autumn is open both times.

Spans are kept by year (of UTC) with prefix sums, so that twenty years are twenty additions and two bisections.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from operator import sub
from zoneinfo import ZoneInfo

from towerdesk.hours.holidays import holidays_in

type Day = tuple[tuple[int, int], ...]
"""Intervals of one local date in minutes after midnight, 0 to 1440, in order and apart from each other."""
type Span = tuple[int, int]
"""From this microsecond since 1970 (UTC) until before that one."""

MINUTE, HOUR = 60_000_000, 3_600_000_000  # microseconds
EPOCH = date(1970, 1, 1).toordinal()
SECOND = 1_000_000
EVEN = 4  # days looked at together for a change of the clocks


@dataclass(frozen=True, slots=True)
class Hours:
    """`week` begins with Monday; `days` are dates with hours of their own (none: closed), and outrank holidays."""

    zone: str
    week: tuple[Day, Day, Day, Day, Day, Day, Day]
    country: str = ""
    subdivision: str = ""
    days: tuple[tuple[date, Day], ...] = ()


ALL_DAY: Day = ((0, 1440),)
ALWAYS = Hours("UTC", (ALL_DAY,) * 7)


@dataclass(frozen=True, slots=True)
class Year:
    """The open spans of one year of UTC; `before[n]` microseconds are open before span n, `before[-1]` are all."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]

    @property
    def total(self) -> int:
        return self.before[-1]

    def until(self, moment: int) -> int:
        """Open microseconds of this year before `moment`."""
        at = bisect_right(self.starts, moment)
        return self.before[at] - max(0, self.ends[at - 1] - moment) if at else 0

    def reach(self, amount: int) -> int:
        """The first moment at which this many (1 to `total`) microseconds of this year have been open."""
        at = bisect_right(self.before, amount - 1) - 1
        return self.starts[at] + amount - self.before[at]


@lru_cache(4096)
def year_of(hours: Hours, number: int) -> Year:
    first, last = _midnight(date(number, 1, 1).toordinal()), _midnight(date(number + 1, 1, 1).toordinal())
    starts, ends = _joined(sorted(_near(hours, number)), first, last)
    sums = accumulate(map(sub, ends, starts), initial=0)
    return Year(tuple(starts), tuple(ends), tuple(sums))


def _near(hours: Hours, number: int) -> list[Span]:
    """The spans of every local date that can have a part in this year of UTC."""
    zone, spans = ZoneInfo(hours.zone), list[Span]()
    own = {day.toordinal(): its for day, its in hours.days}
    own = dict.fromkeys(_free(hours, number), ()) | own
    week = [tuple((opens * MINUTE, shuts * MINUTE) for opens, shuts in day) for day in hours.week]
    first, last = date(number, 1, 1).toordinal() - 2, date(number + 1, 1, 1).toordinal() + 2
    for ordinal in range(first, last):
        if (ordinal - first) % EVEN == 0:
            offset = _even(ordinal, ordinal + EVEN, zone)
        if offset is None or ordinal in own:
            spans += _special(ordinal, own.get(ordinal, hours.week[(ordinal - 1) % 7]), zone)
        elif week[(ordinal - 1) % 7]:
            local = _midnight(ordinal) - offset
            spans += [(local + opens, local + shuts) for opens, shuts in week[(ordinal - 1) % 7]]
    return spans


def _even(first: int, last: int, zone: ZoneInfo) -> int | None:
    """The zone's offset when it is the same at both midnights, however one reads them; else the clocks are turned between.

    No zone has turned its clocks and turned them back within five days since 1970 (Brazil took a week in 2000).
    """
    offset = zone.utcoffset(datetime.fromordinal(first))
    return _micro(offset) if offset == zone.utcoffset(datetime.fromordinal(last).replace(fold=1)) else None


def _special(ordinal: int, intervals: Day, zone: ZoneInfo) -> Iterator[Span]:
    offset = _even(ordinal, ordinal + 1, zone)
    if offset is None:
        yield from _turning(ordinal, intervals, zone)
        return
    local = _midnight(ordinal) - offset
    for opens, shuts in intervals:
        yield local + opens * MINUTE, local + shuts * MINUTE


def _turning(ordinal: int, intervals: Day, zone: ZoneInfo) -> Iterator[Span]:
    """A date on which the zone's clocks are turned: within each piece of time between two turns the wall runs evenly."""
    midnight = _midnight(ordinal)
    for begin, end, offset in _pieces(midnight - 30 * HOUR, midnight + 54 * HOUR, zone):
        for opens, shuts in intervals:
            span = max(begin, midnight + opens * MINUTE - offset), min(end, midnight + shuts * MINUTE - offset)
            if span[0] < span[1]:
                yield span


def _pieces(begin: int, end: int, zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    """Cut the time from `begin` to `end` where the offset changes: looked at each hour, then halved down to the second."""
    offset = _offset(begin, zone)
    for hour in range(begin + HOUR, end + HOUR, HOUR):
        fresh = _offset(hour, zone)
        if fresh == offset:
            continue
        low, high = hour - HOUR, hour
        while high - low > SECOND:
            middle = (low + high) // 2 // SECOND * SECOND
            low, high = (middle, high) if _offset(middle, zone) == offset else (low, middle)
        yield begin, high, offset
        begin, offset = high, fresh
    yield begin, end, offset


def _free(hours: Hours, number: int) -> set[int]:
    """Holidays of this year and of the days around it, as ordinals."""
    years = (number - 1, number, number + 1) if hours.country else ()
    return {day.toordinal() for year in years for day in holidays_in(hours.country, hours.subdivision, year)}


def _joined(spans: list[Span], first: int, last: int) -> tuple[list[int], list[int]]:
    """Starts and ends within the year; neighbours that touch become one, so that around the clock is one span."""
    starts: list[int] = []
    ends = [first - 1]
    for start, end in spans:
        if start < first:
            start = first
        if end > last:
            end = last
        if start <= ends[-1]:
            ends[-1] = max(end, ends[-1])
        elif start < end:
            starts.append(start)
            ends.append(end)
    return starts, ends[1:]


def _midnight(ordinal: int) -> int:
    return (ordinal - EPOCH) * 24 * HOUR


def _offset(moment: int, zone: ZoneInfo) -> int:
    return _micro(datetime.fromtimestamp(moment // SECOND, UTC).astimezone(zone).utcoffset())


def _micro(offset: timedelta | None) -> int:
    return 0 if offset is None else (offset.days * 86_400 + offset.seconds) * SECOND
