"""Small charts as numbers for an SVG: no script draws them, and a screen reader gets a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 320, 72
ROOM = 4  # pixels kept free above the highest point


@dataclass(frozen=True, slots=True)
class Chart:
    """`line` and `area` are SVG path data; the baseline is zero."""

    line: str
    area: str
    first: str
    last: str
    top: float
    end: tuple[float, float]
    sentence: str


def chart(series: Sequence[tuple[date, float]], since: date, until: date, *, most: float | None = None) -> Chart | None:
    """None with fewer than two days: a line needs two points. Days that were not measured are left out of the line."""
    if len(series) < 2 or until <= since:
        return None
    top = most or max(value for _, value in series) or 1.0
    days = (until - since) / timedelta(days=1)
    points = [(_x((day - since).days, days), _y(min(value, top), top)) for day, value in series]
    line = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
    area = f"{line}L{points[-1][0]:g} {HEIGHT}L{points[0][0]:g} {HEIGHT}Z"
    says = f"From {_day(series[0][0])} to {_day(series[-1][0])}, {len(series)} days measured"
    return Chart(line, area, _day(since), _day(until), top, points[-1], says)


def _x(day: int, days: float) -> float:
    return round(WIDTH * day / days, 1)


def _y(value: float, top: float) -> float:
    return round(HEIGHT - (HEIGHT - ROOM) * max(0.0, value) / top, 1)


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
