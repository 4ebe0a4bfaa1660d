"""The figures the company can trust: each has a name, a sentence, a formula, and the tickets behind it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median

from django.db.models import Avg

from towerdesk.accounts.models import User
from towerdesk.events.models import Event
from towerdesk.insights.models import TicketFact
from towerdesk.lib.actor import Actor
from towerdesk.tickets.models import Ticket

type Facts = Sequence[TicketFact]

MINUTE_RATE = Decimal("0.75")
"""What a minute of an agent costs when nobody's rate is known, in the desk's currency."""


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is None when nothing was measured; `n` is the number of tickets behind it; `series` is by day."""

    value: float | None
    n: int
    parts: dict[str, float] = field(default_factory=dict)
    series: list[tuple[date, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Metric:
    """`of` says which tickets belong to it; `reckon` makes one number of them; `query` lists them on the desk."""

    name: str
    title: str
    sentence: str
    formula: str
    unit: str  # minutes, hours, share, money, times
    by: str  # the fact's column that decides which day a ticket counts for
    of: Callable[[TicketFact], bool]
    reckon: Callable[[Facts], float | None]
    parts: Callable[[Facts], dict[str, float]] = lambda facts: {}
    query: str = "is:all"


def _minutes(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 60


def _middle(values: Iterable[float]) -> float | None:
    found = list(values)
    return median(found) if found else None


def _share(facts: Facts, holds: Callable[[TicketFact], bool]) -> float | None:
    return sum(map(holds, facts)) / len(facts) if facts else None


def _is_alone(fact: TicketFact) -> bool:
    return fact.resolved_by == "assistant" and fact.replies_person == 0


def _held(fact: TicketFact) -> bool:
    return _is_alone(fact) and fact.known_by in ("confirmed", "assumed") and not fact.recontact


def _known(facts: Facts) -> dict[str, float]:
    counts: dict[str, float] = dict.fromkeys(("confirmed", "assumed", "disputed", "reopened", "unknown"), 0)
    for fact in filter(_is_alone, facts):
        counts[fact.known_by or "unknown"] += 1
    return counts | {"recontact": sum(fact.recontact for fact in facts if _is_alone(fact))}


def _ratings(facts: Facts) -> dict[str, float]:
    return {
        name: sum(fact.rating == rating for fact in facts) for rating, name in ((3, "yes"), (2, "partly"), (1, "no"))
    }


def _passes(facts: Facts) -> dict[str, float]:
    counts = {"never": 0.0, "once": 0.0, "more often": 0.0}
    for fact in facts:
        counts[("never", "once", "more often")[min(fact.handoffs, 2)]] += 1
    return counts


def _stays(facts: Facts) -> Iterable[tuple[str, float]]:
    """(team, hours) for each ticket and each team that had it."""
    return ((team, seconds / 3600) for fact in facts for team, seconds in fact.hands.items())


def _hours_by_team(facts: Facts) -> dict[str, float]:
    hours: dict[str, list[float]] = defaultdict(list)
    for team, length in _stays(facts):
        hours[team].append(length)
    return {team: round(median(hours[team]), 1) for team in sorted(hours)}


def _cost(facts: Facts) -> float | None:
    if not facts:
        return None
    return sum(fact.agent_minutes * float(_rate()) + fact.model_cost for fact in facts) / len(facts)


def _cost_parts(facts: Facts) -> dict[str, float]:
    minutes = sum(fact.agent_minutes for fact in facts)
    return {
        "agent minutes": round(minutes, 1),
        "rate a minute": float(_rate()),
        "model cost": round(sum(f.model_cost for f in facts), 4),
    }


def minute_rate() -> float:
    """What a minute of an agent costs on this desk: the mean of the rates that are known."""
    return float(_rate())


def _rate() -> Decimal:
    average = User.objects.filter(is_active=True).exclude(role="viewer").aggregate(rate=Avg("minute_rate"))["rate"]
    return average or MINUTE_RATE


METRICS = [
    Metric(
        "frt",
        "First response time",
        "Half of the requests had their first answer within this time.",
        "median(first public reply − opened), tickets opened in the period that were answered",
        "minutes",
        "opened_at",
        lambda fact: fact.first_reply_at is not None,
        lambda facts: _middle(_minutes(f.opened_at, f.first_reply_at) for f in facts if f.first_reply_at),
        query="is:all",
    ),
    Metric(
        "ttr",
        "Time to resolution",
        "Half of the requests were resolved within this time.",
        "median(resolved − opened), tickets resolved in the period, the last resolution counting",
        "hours",
        "resolved_at",
        lambda fact: fact.resolved_at is not None and not fact.merged,
        lambda facts: _middle(_minutes(f.opened_at, f.resolved_at) / 60 for f in facts if f.resolved_at),
        query="status:resolved,closed",
    ),
    Metric(
        "csat",
        "Satisfaction",
        "This share of those who answered said that their request was solved.",
        "yes ÷ (yes + partly + no), tickets opened in the period",
        "share",
        "opened_at",
        lambda fact: fact.rating is not None,
        lambda facts: _share(facts, lambda fact: fact.rating == 3),
        _ratings,
        query="rating:1,2,3",
    ),
    Metric(
        "autonomous",
        "Autonomous resolution",
        "This share of resolved requests was resolved by the assistant alone, and it held.",
        "resolved by the assistant, no reply by a person, confirmed or assumed, no recontact within 7 days ÷ resolved",
        "share",
        "resolved_at",
        lambda fact: fact.resolved_at is not None and not fact.merged,
        lambda facts: _share(facts, _held),
        _known,
        query="handler:assistant status:resolved,closed",
    ),
    Metric(
        "cost",
        "Cost per resolved ticket",
        "What one resolved request cost in people's minutes and model fees.",
        "(agent minutes × rate + model cost) ÷ resolved",
        "money",
        "resolved_at",
        lambda fact: fact.resolved_at is not None and not fact.merged,
        _cost,
        _cost_parts,
        query="status:resolved,closed",
    ),
    Metric(
        "recontact",
        "Recontact",
        "This share of resolved requests brought the same person back within 7 days.",
        "resolved and the same requester opened another within 7 days ÷ resolved",
        "share",
        "resolved_at",
        lambda fact: fact.resolved_at is not None and not fact.merged,
        lambda facts: _share(facts, lambda fact: fact.recontact),
        query="status:resolved,closed",
    ),
    Metric(
        "handoffs",
        "Handoffs",
        "This often a resolved request was handed to another team or escalated.",
        "handed off + escalated, accepted or not ÷ resolved",
        "times",
        "resolved_at",
        lambda fact: fact.resolved_at is not None and not fact.merged,
        lambda facts: sum(fact.handoffs for fact in facts) / len(facts) if facts else None,
        _passes,
        query="status:resolved,closed",
    ),
    Metric(
        "hands",
        "Time in a team's hands",
        "Half of the times a team had a request, it had it no longer than this; below in hours for each team.",
        "median(hours by the clock that one team had one ticket, from opening to the resolution and after a reopening)",
        "hours",
        "resolved_at",
        lambda fact: fact.resolved_at is not None and not fact.merged and bool(fact.hands),
        lambda facts: _middle(hours for _, hours in _stays(facts)),
        _hours_by_team,
        query="status:resolved,closed",
    ),
]

DEFLECTION = Metric(
    "deflection",
    "Deflection",
    "This share of those who looked for help found it in an article and did not write.",
    "article visitors who said it helped ÷ (they + requests opened)",
    "share",
    "opened_at",
    lambda fact: True,
    lambda facts: None,
    query="is:all",
)
METRICS.append(DEFLECTION)


def measure(actor: Actor, since: datetime, until: datetime) -> dict[str, Figure]:
    """Every metric over [since, until), both aware; only tickets that this actor may read are counted."""
    actor.must("report.read")
    visible = _visible(actor)
    found = {
        metric.name: _figure(metric, [fact for fact in _within(visible, metric.by, since, until) if metric.of(fact)])
        for metric in METRICS
        if metric is not DEFLECTION
    }
    return found | {"deflection": _deflection(visible, since, until)}


def _visible(actor: Actor) -> set[int] | None:
    if actor.can("ticket.read_all"):
        return None
    return set(Ticket.objects.visible_to(actor).values_list("id", flat=True))


def _within(visible: set[int] | None, column: str, since: datetime, until: datetime) -> list[TicketFact]:
    facts = TicketFact.objects.filter(**{f"{column}__gte": since, f"{column}__lt": until})
    return [fact for fact in facts if visible is None or fact.ticket_id in visible]


def _figure(metric: Metric, facts: Facts) -> Figure:
    days: dict[date, list[TicketFact]] = defaultdict(list)
    for fact in facts:
        days[getattr(fact, metric.by).date()].append(fact)
    daily = ((day, metric.reckon(of_day)) for day, of_day in sorted(days.items()))
    series = [(day, value) for day, value in daily if value is not None]
    return Figure(metric.reckon(facts), len(facts), metric.parts(facts), series)


def _deflection(visible: set[int] | None, since: datetime, until: datetime) -> Figure:
    """Counted once per visitor and day: reading the same article twice helps nobody twice."""
    judged = Event.objects.filter(kind="article.judged", at__gte=since, at__lt=until, data__helped=True)
    helped: dict[date, set[str]] = defaultdict(set)
    for at, data in judged.values_list("at", "data"):
        helped[at.date()].add(data["visitor"])
    opened: dict[date, int] = defaultdict(int)
    for fact in _within(visible, "opened_at", since, until):
        opened[fact.opened_at.date()] += 1
    total, wrote = sum(map(len, helped.values())), sum(opened.values())
    series = [(day, len(helped[day]) / (len(helped[day]) + opened[day])) for day in sorted({*helped, *opened})]
    value = total / (total + wrote) if total + wrote else None
    return Figure(value, total + wrote, {"helped by an article": total, "wrote to us": wrote}, series)


def period(days: int, until: datetime) -> tuple[datetime, datetime]:
    return until - timedelta(days=days), until
