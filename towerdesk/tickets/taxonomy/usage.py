"""Who uses a value, a field, a form or an intent: tickets, and whatever other rooms say they have."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count, Q

from towerdesk.tickets.models import Form, Handoff, Intent, Ticket
from towerdesk.tickets.models.ticket import WAITING
from towerdesk.tickets.taxonomy.conditions import list_behind
from towerdesk.tickets.taxonomy.known import taxonomy

type Use = tuple[str, str, str]
"""List, key, and who uses it: `("type", "bug", "the rule “Bugs to engineering”")`."""

COLUMNS = {"type": "type", "area": "product_area", "resolution": "resolution", "impact": "impact", "urgency": "urgency"}
COLUMNS |= {"priority": "priority", "form": "form", "intent": "intent__slug"}
BY_TAG = """
SELECT key, count(*), count(*) FILTER (WHERE status = ANY(%s)) FROM tickets_ticket, unnest(tags) key GROUP BY key
"""
BY_FIELD = """
SELECT key, count(*), count(*) FILTER (WHERE status = ANY(%s)) FROM tickets_ticket, jsonb_object_keys(fields) key
GROUP BY key
"""
BY_CHOICE = """
SELECT key, count(*), count(*) FILTER (WHERE status = ANY(%s)) FROM tickets_ticket, jsonb_array_elements_text(
  CASE jsonb_typeof(fields -> %s) WHEN 'array' THEN fields -> %s ELSE jsonb_build_array(fields -> %s) END) key
WHERE fields ? %s GROUP BY key
"""

_others: list[Callable[[], Iterator[Use]]] = []


def counted_by(counter: Callable[[], Iterator[Use]]) -> None:
    """Said at start-up by rooms above, so that nothing they use is deleted beneath them."""
    if counter not in _others:
        _others.append(counter)


@dataclass(slots=True)
class Usage:
    tickets: int = 0
    waiting: int = 0  # of them
    by: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.tickets or self.by)

    def sentence(self) -> str:
        """`12 tickets, the form “Repair” and 2 more`."""
        told = [f"{self.tickets} ticket{'' if self.tickets == 1 else 's'}"] if self.tickets else []
        told += self.by[:2]
        more = f" and {len(self.by) - 2} more" if len(self.by) > 2 else ""
        return ", ".join(told) + more


def usage(kind: str) -> dict[str, Usage]:
    """Of every key of a list that anything uses."""
    found = {key: Usage(tickets, waiting) for key, tickets, waiting in _tickets(kind) if key}
    for one in (_here, *_others):
        for of, key, who in one():
            if of == kind:
                used = found.setdefault(key, Usage())
                used.by += [] if who in used.by else [who]
    return found


def usage_of(kind: str, key: str) -> Usage:
    return usage(kind).get(key, Usage())


def _tickets(kind: str) -> list[tuple[str, int, int]]:
    if kind in COLUMNS:
        open_ones = Count("pk", filter=Q(status__in=WAITING))
        rows = Ticket.objects.values(COLUMNS[kind]).annotate(n=Count("pk"), waiting=open_ones).order_by()
        return list(rows.values_list(COLUMNS[kind], "n", "waiting"))
    if kind == "handoff":
        open_ones = Count("ticket", filter=Q(ticket__status__in=WAITING), distinct=True)
        passed_on = Handoff.objects.values("reason").annotate(n=Count("ticket", distinct=True), waiting=open_ones)
        return list(passed_on.order_by().values_list("reason", "n", "waiting"))
    states, key = list(WAITING), kind.removeprefix("field.")
    with connection.cursor() as cursor:
        if kind == "tag":
            cursor.execute(BY_TAG, [states])
        elif kind == "field":
            cursor.execute(BY_FIELD, [states])
        else:
            cursor.execute(BY_CHOICE, [states, key, key, key, key])
        return [(str(key), int(tickets), int(waiting)) for key, tickets, waiting in cursor.fetchall()]


def _here() -> Iterator[Use]:
    for intent in Intent.objects.all():
        yield "type", intent.type, f"the intent “{intent}”"
        yield "area", intent.product_area, f"the intent “{intent}”"
    for form in Form.objects.select_related("intent"):
        yield from _of_form(form)
    for impact, row in taxonomy().matrix.items():
        for urgency in row:
            yield "impact", impact, "the priority matrix"
            yield "urgency", urgency, "the priority matrix"


def _of_form(form: Form) -> Iterator[Use]:
    who = f"the form “{form}”"
    yield "type", form.type, who
    yield "area", form.area, who
    if form.intent:
        yield "intent", form.intent.slug, who
    for ask in form.asks:
        yield "field", str(ask.get("ask", "")), who
        for when in ask.get("when", ()):
            yield from ((list_behind(when["ask"]), value, who) for value in when.get("values", ()))
