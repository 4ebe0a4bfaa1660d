"""What answering alone does to customers, measured on tickets that chance divided: answered alone, or held out for people.

Everything is counted by what was drawn, not by what became of it (intention to treat): a person who takes over an answered
ticket stays in its arm. Differences are *alone minus people*, each with an interval at 95 %: medians of times by the
bootstrap (percentiles of 2,000 seeded resamples), shares by Newcombe's method (1998, from two Wilson intervals). Intervals
hold for each figure on its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from towerdesk.assistant.models import Arm
from towerdesk.insights.models import TicketFact
from towerdesk.lib.actor import Actor
from towerdesk.tickets.models import Ticket

FEWEST = 20
"""With fewer in either arm nothing is said."""
RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Effect:
    """`alone`, `people`: the median in minutes or hours, or a share; `low`, `high`: of their difference. None: too few to say."""

    name: str
    title: str
    unit: str  # minutes, hours, share
    n_alone: int
    n_people: int
    alone: float | None
    people: float | None
    low: float | None = None
    high: float | None = None
    less_is_better: bool = True

    @property
    def says(self) -> str:
        """One of: better, worse, unclear, few."""
        if self.low is None or self.high is None:
            return "few"
        if self.low <= 0 <= self.high:
            return "unclear"
        return "better" if (self.high < 0) == self.less_is_better else "worse"


def effects(by: Actor, since: datetime | None = None) -> list[Effect]:
    """Only tickets that this actor may read."""
    by.must("report.read")
    arms = Arm.objects.filter(ticket__in=Ticket.objects.visible_to(by))
    drawn = dict((arms.filter(at__gte=since) if since else arms).values_list("ticket_id", "arm"))
    facts = list(TicketFact.objects.filter(ticket_id__in=drawn))
    alone = [fact for fact in facts if drawn[fact.ticket_id] == "alone"]
    people = [fact for fact in facts if drawn[fact.ticket_id] == "people"]
    return [
        _times("frt", "First response time", "minutes", _first(alone), _first(people)),
        _times("ttr", "Time to resolution", "hours", _resolved(alone), _resolved(people)),
        _shares("csat", "Said that it was solved", _happy(alone), _happy(people), less_is_better=False),
        _shares("recontact", "Came back within 7 days", _back(alone), _back(people)),
        _shares("reopened", "Disputed or reopened", _undone(alone), _undone(people)),
    ]


def _first(facts: Sequence[TicketFact]) -> list[float]:
    return [(fact.first_reply_at - fact.opened_at).total_seconds() / 60 for fact in facts if fact.first_reply_at]


def _resolved(facts: Sequence[TicketFact]) -> list[float]:
    return [(fact.resolved_at - fact.opened_at).total_seconds() / 3600 for fact in facts if fact.resolved_at]


def _happy(facts: Sequence[TicketFact]) -> list[bool]:
    return [fact.rating == 3 for fact in facts if fact.rating is not None]


def _back(facts: Sequence[TicketFact]) -> list[bool]:
    return [fact.recontact for fact in facts if fact.resolved_at]


def _undone(facts: Sequence[TicketFact]) -> list[bool]:
    return [fact.known_by in ("disputed", "reopened") for fact in facts if fact.resolved_at]


def _times(name: str, title: str, unit: str, alone: list[float], people: list[float]) -> Effect:
    middle = [float(np.median(times)) if times else None for times in (alone, people)]
    if min(len(alone), len(people)) < FEWEST:
        return Effect(name, title, unit, len(alone), len(people), middle[0], middle[1])
    from scipy.stats import bootstrap

    def apart(one: object, other: object, axis: int) -> object:
        return np.median(one, axis=axis) - np.median(other, axis=axis)  # type: ignore[call-overload]

    found = bootstrap(
        (alone, people),
        apart,
        n_resamples=RESAMPLES,
        vectorized=True,
        method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return Effect(name, title, unit, len(alone), len(people), middle[0], middle[1], float(found.low), float(found.high))


def _shares(name: str, title: str, alone: list[bool], people: list[bool], *, less_is_better: bool = True) -> Effect:
    share = [sum(of) / len(of) if of else None for of in (alone, people)]
    low, high = (None, None) if min(len(alone), len(people)) < FEWEST else newcombe(alone, people)
    return Effect(name, title, "share", len(alone), len(people), share[0], share[1], low, high, less_is_better)


def newcombe(one: Sequence[bool], other: Sequence[bool]) -> tuple[float, float]:
    """95 % interval of the difference of two shares: Newcombe's hybrid score method (method 10 in Statist. Med. 1998)."""
    from scipy.stats import binomtest

    (a, a_low, a_high), (b, b_low, b_high) = (
        (sum(of) / len(of), *binomtest(sum(of), len(of)).proportion_ci(method="wilson")) for of in (one, other)
    )
    low = a - b - ((a - a_low) ** 2 + (b_high - b) ** 2) ** 0.5
    return float(low), float(a - b + ((a_high - a) ** 2 + (b - b_low) ** 2) ** 0.5)
