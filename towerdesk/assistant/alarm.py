"""Audits of what was sent alone: evidence that the error rate has risen takes the right away.

Two tests run side by side, and either of them suspends.

*Proof*: an e-process against "at most alpha are wrong", from the licence's first audit on (`betting.log_e_above`). While
that is true it ever reaches 1/delta with probability delta at most. It is patient, and finds small excesses.

*Alarm*: a cumulative sum of the bet on three times alpha, that never falls below zero, so that good months don't pay for a
bad one (the CUSUM e-detector of Shin, Ramdas and Rinaldo 2023). It is quick: when 2 % become 6 % it speaks within some 100
audits, half of the time. At a true rate of exactly alpha it is wrong about once in 4,000 audits, at half of it hardly ever;
what is promised of it by theory is at least `ALARM` audits on average. A false alarm costs a suggestion instead of an answer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from towerdesk.assistant.betting import log_e_above

TIMES = 3.0
"""The rise that the alarm is set to: to so many times what is allowed."""
ALARM = 50.0
"""The stake's multiple at which it speaks."""
ENOUGH = 110
"""So many audits find a rise to three times alpha in half of all cases: what a licence's life should see."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`proof` and `alarm` are e-values; `why` is a sentence when they suspend, else empty."""

    n: int
    errors: int
    proof: float
    alarm: float
    why: str


def listen(wrong: Sequence[bool], alpha: float, delta: float) -> Verdict:
    """`wrong`: each audited answer in the order in which it was sent."""
    errors = np.cumsum(np.array(wrong, float))
    counts = np.arange(1, len(errors) + 1)
    proof = math.exp(min(700.0, float(log_e_above(errors, counts, alpha).max(initial=0.0)))) if len(errors) else 1.0
    alarm = math.exp(min(700.0, float(sums(np.array([wrong], bool), alpha).max(initial=0.0)))) if len(errors) else 1.0
    return Verdict(len(wrong), int(sum(wrong)), proof, alarm, _why(len(wrong), int(sum(wrong)), proof, alarm, delta))


def _why(n: int, errors: int, proof: float, alarm: float, delta: float) -> str:
    if proof >= 1 / delta:
        return f"{errors} of {n} audited were wrong: the betting test crossed 1 in {1 / delta:.0f}"
    if alarm >= ALARM:
        return f"{errors} of {n} audited were wrong, many of them lately: the alarm crossed 1 in {ALARM:.0f}"
    return ""


def sums(wrong: NDArray[np.bool_], alpha: float) -> NDArray[np.float64]:
    """Log of the alarm after each audit; rows are histories (bool[histories, audits])."""
    rate = min(TIMES * alpha, (1 + alpha) / 2)
    steps = np.where(wrong, math.log(rate / alpha), math.log((1 - rate) / (1 - alpha)))
    total = np.zeros(len(wrong))
    seen = np.empty(steps.shape)
    for at in range(steps.shape[1]):
        total = np.maximum(total, 0.0) + steps[:, at]
        seen[:, at] = total
    return seen


DRIFT = 0.001
"""A difference of scores as large as this happens by chance in one of a thousand looks."""
FEWEST_SCORES = 60


def drifted(then: Sequence[float], lately: Sequence[float]) -> bool:
    """Whether recent scores lie lower or higher than those that the licence was certified on (Kolmogorov and Smirnov).

    False with fewer than 60 of either. A drift says nothing about errors yet: it is a reason to ask again, so it counts
    only when a quarter of the traffic has moved.
    """
    if min(len(then), len(lately)) < FEWEST_SCORES:
        return False
    from scipy.stats import ks_2samp

    found = ks_2samp(then, lately)
    return bool(found.pvalue < DRIFT and found.statistic > 0.25)
