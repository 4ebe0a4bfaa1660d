"""From what became of the tickets to the figures of one replication, and from replications to means with intervals."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from towerdesk.rehearsal.simulator.desk import Desk, Outcome

WARM_UP = 7 * 86400.0  # the first week fills the desk and is not measured
BINS = np.array([0, 1 / 12, 0.5, 1, 2, 4, 8, 16, 24, 48, 96, 192, 1e9])
"""Hours to resolution: where one bar ends and the next begins."""
CONFIDENCE = 0.95

NAMES = {
    "mean_hours": "Average time to resolution, hours",
    "median_hours": "Median time to resolution, hours",
    "p90_hours": "Nine of ten are resolved within, hours",
    "first_hours": "Average time to the first answer, hours",
    "backlog": "Average backlog, tickets",
    "sla_first": "First answers within their promise",
    "sla_solution": "Solutions within their promise",
    "minutes": "People's minutes a ticket",
    "cost": "Cost a ticket",
    "alone": "Answered alone",
    "errors": "Of those, wrong",
    "errors_of_all": "Wrong lone answers, of all tickets",
}


def figures(outcomes: Sequence[Outcome], desk: Desk, weeks: int, rate: float) -> dict[str, float]:
    """Of what arrived after the warm-up. A share of nothing is not a number."""
    some = [one for one in outcomes if one.arrival.at >= WARM_UP]
    lengths = np.array([((one.resolved or 0.0) - one.arrival.at) / 3600 for one in some])
    firsts = np.array([(one.answered - one.arrival.at) / 3600 for one in some if one.answered is not None])
    minutes, alone = sum(one.minutes for one in some), sum(one.alone for one in some)
    wrong = sum(one.wrong for one in some)
    return {
        "tickets": float(len(some)),
        "mean_hours": float(lengths.mean()) if len(some) else np.nan,
        "median_hours": float(np.median(lengths)) if len(some) else np.nan,
        "p90_hours": float(np.quantile(lengths, 0.9)) if len(some) else np.nan,
        "first_hours": float(firsts.mean()) if len(firsts) else np.nan,
        "backlog": float(backlog(outcomes, weeks)[7:].mean()),
        "sla_first": _share(_first_kept(some, desk)),
        "sla_solution": _share(_solution_kept(some, desk)),
        "minutes": minutes / len(some) if some else np.nan,
        "cost": minutes * rate / len(some) if some else np.nan,
        "alone": alone / len(some) if some else np.nan,
        "errors": wrong / alone if alone else np.nan,
        "errors_of_all": wrong / len(some) if some else np.nan,
    }


def backlog(outcomes: Sequence[Outcome], weeks: int) -> NDArray[np.float64]:
    """Unresolved tickets, the mean of each day's 24 hours."""
    hours = np.arange(weeks * HOURS_OF_WEEK) * 3600.0
    opened = np.sort([one.arrival.at for one in outcomes])
    resolved = np.sort([one.resolved or np.inf for one in outcomes])
    there = np.searchsorted(opened, hours, "right") - np.searchsorted(resolved, hours, "right")
    days: NDArray[np.float64] = there.reshape(-1, 24).mean(axis=1)
    return days


HOURS_OF_WEEK = 168


def spread(outcomes: Sequence[Outcome]) -> NDArray[np.float64]:
    """The share of tickets in each of the bars of `BINS`."""
    lengths = [((one.resolved or 0.0) - one.arrival.at) / 3600 for one in outcomes if one.arrival.at >= WARM_UP]
    counts: NDArray[np.float64] = np.histogram(lengths, BINS)[0].astype(float)
    return counts / max(1.0, float(counts.sum()))


def interval(values: Sequence[float]) -> dict[str, float | None]:
    """Mean with a 95 % interval (Student's t over replications); replications without a value are left out."""
    known = np.array([value for value in values if not np.isnan(value)])
    if not len(known):
        return {"mean": None, "low": None, "high": None}
    mean = float(known.mean())
    if len(known) < 2 or np.ptp(known) == 0:
        return {"mean": mean, "low": mean, "high": mean}
    from scipy.special import stdtrit  # slow to import, and every process of the desk imports this file

    half = float(stdtrit(len(known) - 1, (1 + CONFIDENCE) / 2) * known.std(ddof=1) / np.sqrt(len(known)))
    return {"mean": mean, "low": mean - half, "high": mean + half}


def compare(base: Sequence[dict[str, float]], other: Sequence[dict[str, float]], name: str) -> dict[str, Any]:
    """The difference replication by replication, of the same arrivals; also as a share of the base."""
    pairs = [(one[name], two[name]) for one, two in zip(base, other, strict=True)]
    shares = [(two - one) / one if one else np.nan for one, two in pairs]
    return {"difference": interval([two - one for one, two in pairs]), "share": interval(shares)}


def _first_kept(outcomes: Sequence[Outcome], desk: Desk) -> list[bool]:
    return [
        desk.office_minutes(one.arrival.at, one.answered) <= promised
        for one in outcomes
        if (promised := one.arrival.trace.first) is not None and one.answered is not None
    ]


def _solution_kept(outcomes: Sequence[Outcome], desk: Desk) -> list[bool]:
    """The customer's own time does not count against us."""
    return [
        desk.office_minutes(one.arrival.at + one.waited, one.resolved) <= promised
        for one in outcomes
        if (promised := one.arrival.trace.solution) is not None and one.resolved is not None
    ]


def _share(kept: Sequence[bool]) -> float:
    return sum(kept) / len(kept) if kept else np.nan
