"""Evidence that may be looked at after every grade: e-values, bounds and thresholds that hold however often one looks.

An exact binomial bound (`binomial`) is for one look at a number of grades fixed beforehand. A licence is reviewed each
time a grade comes in, and among many looks one is lucky sooner or later. So promotion bets instead: a game against the
claim "at least `alpha` are wrong" that nobody can expect to win while the claim is true. Whoever has multiplied their
stake by 1/`delta` at any moment has refuted it, and is mistaken with probability `delta` at most over all looks together
(Ville's inequality).

The bet is a mixture: of the likelihoods of error rates q below alpha, weighted by Beta(1/2, 1/2) on [0, alpha]. It is the
hedged capital of Waudby-Smith and Ramdas ("Estimating means of bounded random variables by betting", JRSS B 2024) for
answers that are right or wrong, has a closed form, and depends on the counts alone (Robbins 1970).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from towerdesk.assistant import binomial

PRIOR = 0.5
"""Both parameters of the mixture's beta weights, as Krichevsky and Trofimov chose them."""
STARTS = (0.1, 0.3, 0.6, 1.0)
"""Shares of the thresholds, strict first, after which a walk begins with an equal part of delta."""

type Floats = NDArray[np.float64]


def log_e_below(errors: ArrayLike, n: ArrayLike, alpha: ArrayLike) -> Floats:
    """Logarithm of the evidence against "at least alpha are wrong": 3.0 (=log 20) refutes it at 95 %.

    Vectorised. E = ∫ (q/α)^k ((1−q)/(1−α))^(n−k) dBeta(q), q ≤ α: 188 grades without an error reach 20 at α = 2 %.
    """
    return _log_mixture(errors, n, alpha, below=True)


def log_e_above(errors: ArrayLike, n: ArrayLike, alpha: ArrayLike) -> Floats:
    """Logarithm of the evidence against "at most alpha are wrong": what suspends, and what leaves a member out."""
    return _log_mixture(errors, n, alpha, below=False)


def _log_mixture(errors: ArrayLike, n: ArrayLike, alpha: ArrayLike, *, below: bool) -> Floats:
    from scipy.special import (
        betainc,
        betaincc,
        betaln,
    )  # slow to import, and every process of the desk imports this file

    part = betainc if below else betaincc
    k, count, limit = np.asarray(errors, float), np.asarray(n, float), np.asarray(alpha, float)
    with np.errstate(divide="ignore"):
        mixed = betaln(k + PRIOR, count - k + PRIOR) + np.log(part(k + PRIOR, count - k + PRIOR, limit))
        weight = betaln(PRIOR, PRIOR) + np.log(part(PRIOR, PRIOR, limit))
    return np.asarray(mixed - weight - k * np.log(limit) - (count - k) * np.log1p(-limit))


def bound(errors: int, n: int, delta: float) -> float:
    """The lowest error rate that these counts refute at 1 − delta; 1 when they refute none.

    One end of a confidence sequence: it holds at all numbers of grades together, so it is wider than the exact bound.
    """
    return float(bounds([errors], [n], delta)[0])


def bounds(errors: ArrayLike, n: ArrayLike, delta: float) -> Floats:
    """As `bound`, for many counts at once."""
    k, count = np.asarray(errors, float), np.asarray(n, float)
    low, high = np.maximum(k / np.maximum(count, 1), 1e-12), np.full(len(k), 1.0 - 1e-9)
    hopeless = log_e_below(k, count, high) < -np.log(delta)
    for _ in range(40):
        rate = (low + high) / 2
        refuted = log_e_below(k, count, rate) >= -np.log(delta)
        low, high = np.where(refuted, low, rate), np.where(refuted, rate, high)
    return np.where(hopeless, 1.0, high)


def needed(errors: int, alpha: float, delta: float) -> int:
    """How many grades refute "at least alpha" when `errors` of them are wrong: 188, 330, 440 … for 2 % at 95 %."""
    counts = np.arange(max(errors, 1), int(40 * (errors + 6) / alpha))
    return int(counts[np.argmax(log_e_below(errors, counts, alpha) >= -np.log(delta))])


@dataclass(frozen=True, slots=True)
class Walk:
    """What each threshold, strict first, has shown so far: grades, errors, the highest evidence, the level it needs."""

    thresholds: tuple[float, ...]
    n: tuple[int, ...]
    errors: tuple[int, ...]
    best: tuple[float, ...]  # log of the highest e-value reached
    levels: tuple[float, ...]  # part of delta that is at its disposal
    passed: tuple[bool, ...]


def walk(grades: Sequence[tuple[float, bool]], thresholds: Sequence[float], alpha: float, delta: float) -> Walk:
    """Grades, (score, was it right), in the order in which they were drawn, against thresholds fixed beforehand.

    Strict to lenient, as `binomial.certify` goes, but from several starts: each has a part of delta, and a threshold that
    passes hands its part on to the next (the "fallback" procedure of Wiens 2003, "Learn then Test" with several starts).
    So an intent that is good all over need not wait for its few best scores to prove themselves first.
    """
    falling = tuple(sorted(set(thresholds), reverse=True))
    scores = np.array([score for score, _ in grades], float)
    wrong = np.array([not right for _, right in grades], float)
    parts = start_parts(len(falling), delta)
    told: list[tuple[int, int, float, float, bool]] = []
    carried = 0.0
    for threshold, part in zip(falling, parts, strict=True):
        reached = scores >= threshold
        n, errors = np.cumsum(reached), np.cumsum(wrong * reached)
        best = float(log_e_below(errors, n, alpha).max(initial=0.0)) if len(scores) else 0.0
        level = carried + part
        graded, bad = (int(n[-1]), int(errors[-1])) if len(n) else (0, 0)
        passed = level > 0 and best >= -np.log(level) and bad <= alpha * graded
        told.append((graded, bad, best, level, bool(passed)))
        carried = level if passed else 0.0
    columns = zip(*told, strict=True) if told else ((), (), (), (), ())
    n_, errors_, best_, levels, passes = (tuple(column) for column in columns)
    return Walk(falling, n_, errors_, best_, levels, passes)


def start_parts(thresholds: int, delta: float) -> list[float]:
    """Delta, shared out equally among the thresholds (of which there are so many, strict first) where a walk starts."""
    places = {max(0, round(share * thresholds) - 1) for share in STARTS} if thresholds else set()
    return [delta / len(places) if at in places else 0.0 for at in range(thresholds)]


def certify(
    grades: Sequence[tuple[float, bool]], thresholds: Sequence[float], alpha: float, delta: float
) -> binomial.Certificate | None:
    """The most lenient threshold that has passed; None when none has. May be asked after every single grade.

    With probability 1 − delta no threshold whose true error rate is over alpha is ever certified, over all the looks at
    one run of grades. What has passed stays so while no more than alpha are wrong by the counts as they stand. `bound` is
    the lowest that was ever reached or less: at most alpha.
    """
    seen = walk(grades, thresholds, alpha, delta)
    passed = [at for at, ok in enumerate(seen.passed) if ok]
    if not passed:
        return None
    at = passed[-1]
    n, errors = seen.n[at], seen.errors[at]
    reached = min(alpha, bound(errors, n, seen.levels[at]))
    return binomial.Certificate(seen.thresholds[at], n, errors, reached, alpha, delta)
