"""A licence's life as pictures: the bound as grades came in, the audits, and whether scores mean what they say."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from towerdesk.assistant import alarm
from towerdesk.assistant.betting import bounds
from towerdesk.assistant.calibration import Bin, Calibration
from towerdesk.assistant.models import Licence
from towerdesk.web.words import count_words, percent_words

WIDTH, HEIGHT = 320, 84
MOST_POINTS = 120
SIDE = 160  # of the square in which calibration is drawn


@dataclass(frozen=True, slots=True)
class Path:
    """`line` is SVG path data in a picture of 320 × 84; `limit` the height of what it is held against; `crossed` where it met."""

    line: str
    limit: float
    limit_words: str
    crossed: tuple[float, float] | None
    marks: list[float]  # where something was wrong
    last_words: str
    sentence: str


def proof_path(grades: Sequence[tuple[float, bool]], threshold: float, alpha: float, delta: float) -> Path | None:
    """The upper bound on the error rate after each grade at or above the threshold; the scale ends at five times alpha."""
    wrong = np.array([not right for score, right in grades if score >= threshold], bool)
    if len(wrong) < 2:
        return None
    places = np.unique(np.linspace(0, len(wrong) - 1, MOST_POINTS).astype(int))
    errors = np.cumsum(wrong)[places]
    seen = bounds(errors, places + 1, delta)
    top = 5 * alpha
    points = [(_x(at, len(wrong)), _y(min(value, top), top)) for at, value in zip(places, seen, strict=True)]
    met = next((point for point, value in zip(points, seen, strict=True) if value <= alpha), None)
    marks = [_x(int(at), len(wrong)) for at in np.flatnonzero(wrong)]
    graded = count_words(len(wrong), "grade")
    says = f"After {graded}, {int(wrong.sum())} of them wrong, at most {percent_words(float(seen[-1]))} are wrong"
    last = percent_words(float(seen[-1]))
    return Path(_line(points), _y(alpha, top), f"limit {percent_words(alpha)}", met, marks, last, says)


def audit_path(wrong: Sequence[bool], alpha: float) -> Path | None:
    """The alarm after each audit, on a logarithmic scale from 1 to 1 in 50, where it suspends."""
    if len(wrong) < 2:
        return None
    seen = alarm.sums(np.array([wrong], bool), alpha)[0].clip(0)
    top = math.log(alarm.ALARM) * 1.25
    points = [(_x(at, len(wrong)), _y(min(float(value), top), top)) for at, value in enumerate(seen)]
    met = next((p for p, value in zip(points, seen, strict=True) if value >= math.log(alarm.ALARM)), None)
    marks = [_x(at, len(wrong)) for at, bad in enumerate(wrong) if bad]
    stands = f"{math.exp(float(seen[-1])):.1f}"
    says = f"{count_words(len(wrong), 'audit')}, {sum(wrong)} wrong; the alarm stands at {stands} of {alarm.ALARM:.0f}"
    limit = f"suspends at {alarm.ALARM:.0f}"
    return Path(_line(points), _y(math.log(alarm.ALARM), top), limit, met, marks, stands, says)


@dataclass(frozen=True, slots=True)
class Dot:
    """A bin of the reliability diagram, in a square of 160: its place, its interval's ends, and its size by count."""

    x: float
    y: float
    low: float
    high: float
    radius: float
    says: str


def dots(found: Calibration) -> list[Dot]:
    most = max(one.n for one in found.bins)
    return [
        Dot(
            round(SIDE * one.score, 1),
            round(SIDE * (1 - one.right), 1),
            round(SIDE * (1 - one.low), 1),
            round(SIDE * (1 - one.high), 1),
            round(2 + 4 * math.sqrt(one.n / most), 1),
            _dot_words(one),
        )
        for one in found.bins
    ]


def _dot_words(one: Bin) -> str:
    between = f"{percent_words(one.low)} to {percent_words(one.high)}"
    return f"score {one.score:.2f}: {percent_words(one.right)} of {one.n} right ({between})"


def in_words(licence: Licence) -> str:
    """The whole licence as one sentence; the day it runs out is said beside it."""
    graded = f"from {count_words(licence.n, 'graded', 'graded')}, {count_words(licence.k, 'error')}"
    sure = f"at most {percent_words(licence.alpha)} wrong, {percent_words(1 - licence.delta)} sure"
    return f"{licence.about}: {sure}, {graded}; {percent_words(licence.coverage)} of them answered alone"


def _x(at: int, n: int) -> float:
    return round(WIDTH * at / max(1, n - 1), 1)


def _y(value: float, top: float) -> float:
    return round(HEIGHT * (1 - value / top), 1)


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
