"""How many customers a bug concerns, and how much they count for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.problems.models import Bug, Weighing
from towerdesk.tickets.models import Link, Ticket
from towerdesk.tickets.models.ticket import WAITING

MOST_WEIGHT = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Worth:
    """A customer is an organisation, or a person who belongs to none. `waiting`: reports that wait for us."""

    reports: int
    customers: int
    value: float
    waiting: int

    @property
    def value_words(self) -> str:
        return f"{self.value:,.0f}"


NOTHING = Worth(0, 0, 0.0, 0)


def worth_of(bugs: Iterable[Bug], by: Actor) -> dict[int, Worth]:
    """By the bug's number; of reports that this actor may read. Two queries, however many bugs."""
    numbers = [bug.pk for bug in bugs]
    weighing = Weighing.objects.order_by("pk").first() or Weighing()
    seen = Ticket.objects.visible_to(by)
    rows = Link.objects.filter(kind="report", other__in=numbers, ticket__in=seen.values("pk"))
    columns = ("other", "ticket", "ticket__requester", "ticket__organisation", "ticket__fields", "ticket__status")
    found: dict[int, dict[str, float]] = {}
    counted: dict[int, list[int]] = {}
    for bug, _, person, organisation, fields, status in rows.values_list(*columns):
        customer = f"o{organisation}" if organisation else f"p{person}"
        weights = found.setdefault(bug, {})
        weights[customer] = max(weights.get(customer, 0.0), weight_of(fields, weighing))
        both = counted.setdefault(bug, [0, 0])
        both[0], both[1] = both[0] + 1, both[1] + (status in WAITING)
    return {
        bug: Worth(counted[bug][0], len(weights), sum(weights.values()), counted[bug][1])
        for bug, weights in found.items()
    }


def weight_of(fields: dict[str, Any], weighing: Weighing) -> float:
    """1 where nothing is said."""
    if not weighing.field or (value := fields.get(weighing.field)) in (None, ""):
        return 1.0
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return min(max(float(value), 0.0), MOST_WEIGHT)
    return float(_number(weighing.weights.get(str(value), 1)))


def weigh(field: str, weights: dict[str, str], *, by: Actor) -> Weighing:
    """`weights` as typed: value of the field → number."""
    by.must("taxonomy.change")
    made = {value: _typed(number) for value, number in weights.items() if number.strip()}
    with transaction.atomic():
        weighing, _ = Weighing.objects.update_or_create(pk=1, defaults={"field": field, "weights": made})
        record("bugs.weighed", by=by, subject=weighing.pk, field=field)
    return weighing


def _typed(text: str) -> float:
    number = _number(text.strip().replace(",", "."), None)
    if number is None or not 0 <= number <= MOST_WEIGHT:
        raise Invalid("A weight is a number from 0 on.")
    return float(number)


def _number(value: Any, otherwise: Any = 1.0) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return otherwise
