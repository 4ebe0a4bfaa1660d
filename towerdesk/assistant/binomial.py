"""How sure graded decisions make us that the error rate is low: exact bounds, and thresholds certified with them.

The bound is Clopper and Pearson's (1934), one-sided. Thresholds are certified by fixed-sequence testing, as in "Learn
then Test" (Angelopoulos et al. 2021): from strict to lenient, up to the first that fails; trying many costs nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEPS = 20  # thresholds taken from traffic: its upper 5 %, 10 %, … of scores


@dataclass(frozen=True, slots=True)
class Certificate:
    """Among `n` graded decisions at or above `threshold`, `errors` were wrong.

    So the error rate there is at most `bound` ≤ `alpha`, with confidence 1 − `delta`.
    """

    threshold: float
    n: int
    errors: int
    bound: float
    alpha: float
    delta: float


def certify(
    grades: Sequence[tuple[float, bool]], thresholds: Sequence[float], alpha: float, delta: float
) -> Certificate | None:
    """The most lenient threshold that the grades, (score, was it right), certify; None when not even the first is.

    `thresholds` must be fixed without looking at the grades (see `thresholds`); they are tried from the highest down.
    A threshold with too few grades to pass even without an error is not tested: that depends on scores alone, never on
    whether decisions were right, so it costs no confidence.
    """
    fewest = needed(0, alpha, delta)
    certified = None
    for threshold in sorted(set(thresholds), reverse=True):
        right = [ok for score, ok in grades if score >= threshold]
        if len(right) < fewest:
            continue
        errors = right.count(False)
        bound = upper(errors, len(right), delta)
        if bound > alpha:
            break
        certified = Certificate(threshold, len(right), errors, bound, alpha, delta)
    return certified


def upper(errors: int, n: int, delta: float) -> float:
    """The highest error rate under which `errors` or fewer among `n` still happen with probability `delta`.

    Raises ValueError when the counts can't be.
    """
    if not 0 <= errors <= n or not 0 < delta < 1:
        raise ValueError(f"{errors} errors among {n} with delta {delta} can't be.")
    if errors == n:
        return 1.0
    low, high = errors / n, 1.0
    while high - low > 1e-12:
        rate = (low + high) / 2
        low, high = (rate, high) if at_most(errors, n, rate) > delta else (low, rate)
    return high


def at_most(errors: int, n: int, rate: float) -> float:
    """Probability of `errors` or fewer among `n` when each is wrong with probability `rate`, 0 < rate < 1."""
    odds = math.log(rate) - math.log1p(-rate)
    term = n * math.log1p(-rate)
    logs = [term]
    for k in range(1, errors + 1):
        term += math.log((n - k + 1) / k) + odds
        logs.append(term)
    highest = max(logs)
    return math.exp(highest) * math.fsum(math.exp(log - highest) for log in logs)


def needed(errors: int, alpha: float, delta: float) -> int:
    """How many grades certify `alpha` when `errors` of them are wrong: 149, 236, 313, 386 … for 2 % at 95 %."""
    low, high = errors, max(errors, 1)
    while upper(errors, high, delta) > alpha:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if upper(errors, middle, delta) > alpha else (low, middle)
    return high


def thresholds(scores: Sequence[float], steps: int = STEPS) -> list[float]:
    """Scores that the upper 1/steps, 2/steps … of traffic reach, strict first. `scores` come from ungraded traffic."""
    falling = sorted(scores, reverse=True)
    if not falling:
        return []
    places = (math.ceil(len(falling) * step / steps) - 1 for step in range(1, steps + 1))
    return sorted({falling[place] for place in places}, reverse=True)


def coverage(scores: Sequence[float], threshold: float) -> float:
    """The share of traffic, 0 to 1, that reaches the threshold."""
    return sum(score >= threshold for score in scores) / len(scores) if scores else 0.0
