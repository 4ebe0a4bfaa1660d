"""Larger pictures as numbers for an SVG: lines with bands over days, bars side by side. Drawn on the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

WIDTH, HEIGHT = 720, 220
LEFT, TOP, BOTTOM = 40, 8, 24
INNER, TALL = WIDTH - LEFT - 8, HEIGHT - TOP - BOTTOM


@dataclass(frozen=True, slots=True)
class Line:
    """`band` is empty when nothing is known about the spread. `kind` is a class: `base`, `ai` or `other`."""

    name: str
    kind: str
    path: str
    band: str


@dataclass(frozen=True, slots=True)
class Plot:
    """`across` and `up` are (place, word) of the axes' marks."""

    lines: tuple[Line, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Bar:
    kind: str
    x: float
    y: float
    width: float
    height: float
    says: str


@dataclass(frozen=True, slots=True)
class Bars:
    bars: tuple[Bar, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    sentence: str


type Series = tuple[str, str, Sequence[float], Sequence[float], Sequence[float]]
"""Name, kind, means, lower and upper ends of the band."""


def plot(series: Sequence[Series], sentence: str, *, every: int = 7, each: int = 1) -> Plot | None:
    """A mark across at each `every` points, numbered in weeks of `each` more. None with fewer than two points."""
    days = max((len(mean) for _, _, mean, _, _ in series), default=0)
    if days < 2:
        return None
    top = _round_up(max(max(high or mean) for _, _, mean, _, high in series))
    lines = tuple(
        Line(name, kind, _path(mean, days, top), _band(low, high, days, top) if low and high else "")
        for name, kind, mean, low, high in series
    )
    across = tuple((_x(day, days), f"week {number * each + 1}") for number, day in enumerate(range(0, days, every)))
    return Plot(lines, across, _marks(top), sentence)


def bars(groups: Sequence[tuple[str, str, Sequence[float]]], words: Sequence[str], sentence: str) -> Bars | None:
    """Shares side by side: for each word one bar of each group (name, kind, shares)."""
    if not groups or not words:
        return None
    top = _round_up(max((max(shares, default=0.0) for _, _, shares in groups), default=0.0) * 100)
    step = INNER / len(words)
    width = step * 0.8 / len(groups)
    found = [
        Bar(
            kind,
            round(LEFT + place * step + step * 0.1 + number * width, 1),
            _y(share * 100, top),
            round(width - 1, 1),
            round(TOP + TALL - _y(share * 100, top), 1),
            f"{name}, {words[place]}: {share:.0%}",
        )
        for number, (name, kind, shares) in enumerate(groups)
        for place, share in enumerate(shares)
    ]
    across = tuple((round(LEFT + (place + 0.5) * step, 1), word) for place, word in enumerate(words))
    return Bars(tuple(found), across, tuple((y, f"{word} %") for y, word in _marks(top)), sentence)


def _path(values: Sequence[float], days: int, top: float) -> str:
    return "M" + "L".join(f"{_x(day, days):g} {_y(value, top):g}" for day, value in enumerate(values))


def _band(low: Sequence[float], high: Sequence[float], days: int, top: float) -> str:
    there = [f"{_x(day, days):g} {_y(value, top):g}" for day, value in enumerate(high)]
    back = [f"{_x(day, days):g} {_y(value, top):g}" for day, value in reversed(list(enumerate(low)))]
    return "M" + "L".join([*there, *back]) + "Z"


def _x(day: int, days: int) -> float:
    return round(LEFT + INNER * day / (days - 1), 1)


def _y(value: float, top: float) -> float:
    return round(TOP + TALL * (1 - min(max(value, 0.0), top) / top), 1)


def _round_up(value: float) -> float:
    """To a number that four marks share evenly."""
    if value <= 0:
        return 1.0
    size = 10 ** int(log10(value) if value >= 1 else 0)
    return float(ceil(value / size * 2) / 2 * size)


def _marks(top: float) -> tuple[tuple[float, str], ...]:
    return tuple((_y(top * part / 2, top), f"{top * part / 2:g}") for part in range(3))
