"""Whether scores mean what they say: how often those of about 0.8 were right, and how well they tell right from wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10
FEWEST = 30
"""With fewer grades nothing is said: a curve through so few points is chance."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Scores between two tenths: their mean, how many there are, the share that was right and its 95 % Wilson interval."""

    score: float
    n: int
    right: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """`ece`: mean distance between score and share right; `brier`: mean squared error; `auroc`: 0.5 is guessing, 1 perfect.

    `auroc` is None while all grades are alike.
    """

    n: int
    bins: tuple[Bin, ...]
    ece: float
    brier: float
    auroc: float | None


def calibration(grades: Sequence[tuple[float, bool]]) -> Calibration | None:
    """None with fewer than 30 grades, each (score, was it right)."""
    if len(grades) < FEWEST:
        return None
    scores = np.array([score for score, _ in grades], float)
    right = np.array([ok for _, ok in grades], bool)
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    bins = tuple(_bin(scores[place == at], right[place == at]) for at in range(BINS) if (place == at).any())
    ece = sum(one.n * abs(one.score - one.right) for one in bins) / len(grades)
    return Calibration(len(grades), bins, float(ece), float(np.mean((scores - right) ** 2)), _auroc(scores, right))


def _bin(
    scores: "np.ndarray[tuple[int], np.dtype[np.float64]]", right: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
) -> Bin:
    from scipy.stats import binomtest

    n, good = len(right), int(right.sum())
    interval = binomtest(good, n).proportion_ci(method="wilson")
    return Bin(float(scores.mean()), n, good / n, float(interval.low), float(interval.high))


def _auroc(
    scores: "np.ndarray[tuple[int], np.dtype[np.float64]]", right: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
) -> float | None:
    """The share of pairs of a right and a wrong one in which the right one has the higher score (Mann and Whitney)."""
    if right.all() or not right.any():
        return None
    from scipy.stats import mannwhitneyu

    return float(mannwhitneyu(scores[right], scores[~right]).statistic / (right.sum() * (~right).sum()))
