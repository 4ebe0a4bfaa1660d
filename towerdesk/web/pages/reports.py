"""Reports: each figure with its sentence, its formula, its number of cases, and the tickets behind it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from towerdesk.assistant.effect import FEWEST, Effect, effects
from towerdesk.assistant.terms import terms
from towerdesk.insights.ledger import AGAINST, BY, ledger
from towerdesk.insights.ledger import KNOWN as LEDGER_KNOWN
from towerdesk.insights.metrics import METRICS, Figure, Metric, measure
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.web.charts import Chart, chart
from towerdesk.web.request import DeskRequest
from towerdesk.web.words import count_words

PERIODS = [(7, "7 days"), (30, "30 days"), (90, "90 days")]
KNOWN = {"confirmed": "ai", "assumed": "ai", "disputed": "bad", "reopened": "bad", "recontact": "bad"}
NOT_SHARES = ("agent minutes", "rate a minute", "model cost")


@dataclass(frozen=True, slots=True)
class Shown:
    metric: Metric
    value: str
    unit: str
    cases: str
    parts: list[tuple[str, str, int, str]]  # name, value, share of the largest in percent, class
    facts: list[tuple[str, str]]
    chart: Chart | None
    link: str


def reports(request: DeskRequest) -> HttpResponse:
    given = request.GET.get("days", "")
    days = int(given) if given in {str(days) for days, _ in PERIODS} else 30
    until = now()
    since = until - timedelta(days=days)
    figures = measure(request.actor, since, until)
    context = {
        "shown": [_shown(metric, figures[metric.name], since, until) for metric in METRICS if metric.name in figures],
        "ledger": _ledger(request.actor, since, until),
        "days": days,
        "periods": PERIODS,
        "since": since,
    }
    return render(request, "web/reports/page.html", context)


@dataclass(frozen=True, slots=True)
class Row:
    """Of the ledger: by whom, and for each way of knowing how many, whether it counts against, and the list's search."""

    by: str
    total: int
    cells: list[tuple[int, bool, str]]


def _ledger(actor: Actor, since: Any, until: Any) -> dict[str, Any]:
    table = ledger(actor, since, until)
    rows = [
        Row(name, sum(table[by].values()), [(table[by][known], known in AGAINST, known) for known in LEDGER_KNOWN])
        for by, name in BY.items()
        if table[by]
    ]
    return {"heads": list(LEDGER_KNOWN.values()), "rows": rows}


def holdout(request: DeskRequest) -> HttpResponse:
    """What answering alone does, on tickets that chance divided."""
    found = [Difference(effect, *_difference_words(effect)) for effect in effects(request.actor)]
    context = {"found": found, "fewest": FEWEST, "share": terms().holdout_share}
    return render(request, "web/reports/holdout.html", context)


@dataclass(frozen=True, slots=True)
class Difference:
    effect: Effect
    alone: str
    people: str
    between: str


def _difference_words(effect: Effect) -> tuple[str, str, str]:
    alone, people = (" ".join(_value(value, effect.unit)).strip() for value in (effect.alone, effect.people))
    if effect.low is None or effect.high is None:
        return alone, people, f"too few to say: {FEWEST} of each are the least"
    if effect.unit == "share":
        between = f"{effect.low * 100:+.0f} to {effect.high * 100:+.0f} points"
    else:
        between = f"{effect.low:+.1f} to {effect.high:+.1f} {effect.unit}"
    return alone, people, between.replace("-", "−")


def _shown(metric: Metric, figure: Figure, since: Any, until: Any) -> Shown:
    value, unit = _value(figure.value, metric.unit)
    shares = {name: part for name, part in figure.parts.items() if name not in NOT_SHARES}
    most = max(shares.values(), default=0) or 1
    return Shown(
        metric=metric,
        value=value,
        unit=unit,
        cases=count_words(figure.n, "case"),
        parts=[(name, f"{part:g}", int(100 * part / most), KNOWN.get(name, "")) for name, part in shares.items()],
        facts=[(name, f"{part:g}") for name, part in figure.parts.items() if name in NOT_SHARES],
        chart=chart(
            figure.series,
            timezone.localdate(since),
            timezone.localdate(until),
            most=1.0 if metric.unit == "share" else None,
        ),
        link=f"{metric.query} {_when(metric)}:>{since:%Y-%m-%d}".replace("is:all ", ""),
    )


def _when(metric: Metric) -> str:
    return "resolved" if metric.by == "resolved_at" else "created"


def _value(value: float | None, unit: str) -> tuple[str, str]:
    """What nothing was measured for is said so, not shown as zero."""
    if value is None:
        return "–", "nothing measured yet"
    if unit == "share":
        return f"{value * 100:.0f} %", ""
    if unit == "minutes":
        return (f"{value:.0f}", "minutes") if value < 120 else (f"{value / 60:.1f}", "hours")
    if unit == "hours":
        return (f"{value:.1f}", "hours") if value < 72 else (f"{value / 24:.1f}", "days")
    return f"{value:.2f}", "a ticket"
