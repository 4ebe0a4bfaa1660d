"""Is this more than usual? A scan over windows that end now, each tested against the number that was to be expected.

The usual rate of like requests is known from the past, no better than the past is long: with n of them in E even hours it
is a gamma distribution, and how many come in a window is then negative binomial (the posterior predictive of a Poisson
rate with Jeffreys' prior; Gelman et al., Bayesian Data Analysis, 2.6). Like requests bunch up by themselves, so the number's
variance is widened by what the days show (`usual.unevenness`). Trying several windows at every arrival is paid for: the
probability of an alarm by chance is shared out among all the tests of a month.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from towerdesk.problems.surges.usual import DAY, Times, Usual, unevenness

WINDOWS = (10 * 60.0, 20 * 60.0, 45 * 60.0, 2 * 3600.0, 6 * 3600.0)
LONGEST = WINDOWS[-1]
LEAST = 5
"""Fewer people than this are no surge, however unusual."""
LEAST_TIMES = 2.5
"""What people should hear of is not merely significant: at least so many times the usual number."""
LEARNS = 28 * DAY
LEARNT = 3 * DAY
"""Before that nobody knows what is usual, and nothing is proposed."""
CHANCE_ALARMS = 0.02
"""How many alarms a month chance may give at most, if every test were independent; they are not, so there are fewer."""
PRIOR = 0.5
TESTS_EACH = 2 * len(WINDOWS)


@dataclass(frozen=True, slots=True)
class Found:
    """`members` are places in the arrays that were looked at, the earliest of each person first."""

    count: int
    minutes: int
    expected: float
    probability: float
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """Like requests of the past, and all that came: in seconds since 1970, ended before the longest window begins."""

    like: Times
    usual: Usual
    arrivals: int

    def expects(self, since: float, until: float) -> float:
        return (len(self.like) + PRIOR) / max(self.usual.learnt, 1.0) * self.usual.even_hours(since, until)


def surprise(count: int, since: float, until: float, past: Past) -> float:
    """The probability that so many or more come between two moments, if all is as usual.

    The tail of a negative binomial is a regularised incomplete beta function.
    """
    from scipy.special import betainc  # slow to import, and rarely needed

    mean = past.expects(since, until)
    uneven = unevenness(past.like, past.usual)
    bunching = mean / (uneven - 1.0)
    size = 1.0 / (1.0 / (len(past.like) + PRIOR) + 1.0 / max(bunching, 1e-9)) if mean else PRIOR
    return float(betainc(count, size, mean / (size + mean)))


def scan(times: Times, people: NDArray[np.int64], like: NDArray[np.bool_], at: float, past: Past) -> Found | None:
    """The most surprising window that ends `at`, when it is more than chance; `like` marks what counts of what came lately."""
    firsts = first_of_each(times, people, like)
    if len(firsts) < LEAST or past.usual.until - past.usual.since < LEARNT:
        return None
    best: Found | None = None
    for window in WINDOWS:
        within = firsts[times[firsts] > at - window]
        if len(within) < LEAST:
            continue
        expected = past.expects(at - window, at)
        if len(within) < LEAST_TIMES * expected:
            continue
        probability = surprise(len(within), at - window, at, past)
        if best is None or probability < best.probability:
            best = Found(len(within), round(window / 60), expected, probability, tuple(within.tolist()))
    return best if best and best.probability <= allowed(past) else None


def allowed(past: Past) -> float:
    """The probability from which on a test counts as an alarm."""
    days = max((past.usual.until - past.usual.since) / DAY, 1.0)
    tests = max(past.arrivals / days * 30.0, 100.0) * TESTS_EACH
    return CHANCE_ALARMS / tests


def first_of_each(times: Times, people: NDArray[np.int64], like: NDArray[np.bool_]) -> NDArray[np.int64]:
    """One of each person, since whoever writes five times is still one; in the order of their times."""
    places = np.flatnonzero(like)
    ordered = places[np.argsort(times[places], kind="stable")]
    _, first = np.unique(people[ordered], return_index=True)
    made: NDArray[np.int64] = ordered[np.sort(first)]
    return made
