"""What is usual: how much comes at which hour of which day, and how unevenly like requests come.

All in seconds since 1970. "Even hours" are hours weighed by how busy they usually are: the quiet of a night counts for
little, a Monday morning for much, and a week holds 168 of them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HOUR, DAY = 3600.0, 86_400.0
MONDAY = 4 * DAY  # 1970 began on a Thursday
FLAT = 0.15
"""The share of all traffic that is taken to come at no hour in particular, so that no hour is held for empty."""

type Times = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Usual:
    """How busy each hour of the week is (168 weights with a mean of one), learnt between `since` and `until`."""

    weights: NDArray[np.float64]
    since: float
    until: float

    @classmethod
    def of(cls, times: Times, since: float, until: float) -> "Usual":
        """Of everything that came; a week's shape is its days times its hours, of working days and weekends apart."""
        hours = _hour_of_week(times)
        days = _shares(hours // 24, 7)
        shape = np.ones((7, 24))
        for group in (range(5), range(5, 7)):
            ours = hours[np.isin(hours // 24, list(group))]
            shape[list(group)] = _shares(ours % 24, 24)
        weights = (days[:, None] * shape).ravel()
        return cls(weights / weights.mean(), since, until)

    def even_hours(self, since: float, until: float) -> float:
        """How much usually comes between two moments, in hours of average traffic."""
        if until <= since:
            return 0.0
        edges = np.arange(np.floor(since / HOUR) * HOUR, until + HOUR, HOUR)
        shares = np.clip(np.minimum(edges + HOUR, until) - np.maximum(edges, since), 0.0, None) / HOUR
        return float(shares @ self.weights[_hour_of_week(edges)])

    @property
    def learnt(self) -> float:
        return self.even_hours(self.since, self.until)


def unevenness(times: Times, usual: Usual) -> float:
    """Variance of a day's number over its mean (Pearson), at least `LEAST_UNEVEN`; the wildest tenth of the days is left out.

    A day of trouble in the past is not what is usual: without it the rest still says how like requests bunch up.
    """
    days = np.arange(usual.since, usual.until - DAY, DAY)
    if len(days) < 7 or not len(times):
        return LEAST_UNEVEN
    counted = np.histogram(times, np.append(days, days[-1] + DAY))[0]
    shares = np.array([usual.even_hours(day, day + DAY) for day in days])
    expected = shares * counted.sum() / shares.sum()
    wild = np.sort((counted - expected) ** 2 / np.maximum(expected, 1e-9))
    kept = wild[: max(1, len(wild) - max(1, len(wild) // 10))]
    return max(LEAST_UNEVEN, float(kept.mean()))


LEAST_UNEVEN = 1.1


def _hour_of_week(times: Times) -> NDArray[np.int64]:
    return ((times - MONDAY) // HOUR).astype(np.int64) % 168


def _shares(numbers: NDArray[np.int64], most: int) -> NDArray[np.float64]:
    """With a mean of one, and none near nothing."""
    counted = np.bincount(numbers, minlength=most).astype(np.float64)
    total = counted.sum()
    even = counted / total * most if total else np.ones(most)
    made: NDArray[np.float64] = (1 - FLAT) * even + FLAT
    return made
