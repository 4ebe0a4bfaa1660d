"""What the language model may cost: caps for a day, a month and a ticket. At a cap the assistant goes on without it.

A question is written down before it is asked, so that calls are counted exactly however many workers ask; what a
question that is on its way will cost nobody knows yet, so a cap on cost may be passed by those few.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from towerdesk.accounts.models import User
from towerdesk.assistant.models import Asking, Budget
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.errors import Invalid, Refused, Unavailable
from towerdesk.lib.locks import one_at_a_time
from towerdesk.notifications.tell import tell
from towerdesk.tickets.models import Ticket

CAPS = ("day_cost", "month_cost", "day_calls", "month_calls", "ticket_calls")


class OverBudget(Unavailable):
    """A cap is reached; the sentence says which, for the ticket's trace."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Costs are in the currency of the price list (USD)."""

    day_cost: Decimal
    month_cost: Decimal
    day_calls: int
    month_calls: int


@contextmanager
def asking(purpose: str, model: str, ticket: Ticket | None) -> Iterator[Asking]:
    """Around one question to a model; set `cost` inside. Raises `OverBudget` instead of asking. No transaction around it."""
    why = why_not(ticket)
    if why:
        raise OverBudget(why)
    one = Asking.objects.create(at=now(), ticket=ticket, purpose=purpose, model=model[:120])
    yield one
    if one.cost:
        one.save(update_fields=["cost"])


def why_not(ticket: Ticket | None) -> str:
    """A sentence when a cap is reached: whoever leads is told once for each day or month. Empty while there is room."""
    caps_now = budget()
    on_ticket = caps_now.ticket_calls if ticket is not None else None
    if on_ticket is not None and Asking.objects.filter(ticket=ticket).count() >= on_ticket:
        return f"The language model was asked {on_ticket} times on this ticket, which is its cap"
    if not any(getattr(caps_now, cap) is not None for cap in CAPS[:4]):
        return ""
    had = spent()
    for cap in CAPS[:4]:
        most = getattr(caps_now, cap)
        if most is not None and getattr(had, cap) >= most:
            return _reached(cap, most, ticket)
    return ""


def spent() -> Spent:
    """Since midnight and since the first of the month, in the desk's time zone."""
    day, month = _begin_of_day(), _begin_of_day().replace(day=1)
    today, this_month = (_since(since) for since in (day, month))
    return Spent(today["cost"] or Decimal(0), this_month["cost"] or Decimal(0), today["calls"], this_month["calls"])


def budget() -> Budget:
    """As it stands; a desk that has set nothing has only the cap of a ticket."""
    found: list[Budget] = _caps()
    return found[0] if found else Budget()


def set_budget(caps: dict[str, Decimal | int | None], *, by: Actor) -> Budget:
    """`caps` as in `CAPS`; None takes a cap away."""
    by.must("assistant.budget")
    for name, most in caps.items():
        if name not in CAPS or (most is not None and most < 0):
            raise Invalid("A cap is a number from 0 on, or empty for none.", {name: "Not a cap."})
    with transaction.atomic():
        one_at_a_time("assistant budget")
        held = Budget.objects.select_for_update().first() or Budget()
        was = {name: _plain(getattr(held, name)) for name in CAPS}
        for name, most in caps.items():
            setattr(held, name, most)
        held.save()
        told = {name: _plain(getattr(held, name)) for name in CAPS}
        if told != was:
            record("budget.changed", by=by, subject=held.pk, was=was, now=told)
    return held


@compiled
def _caps() -> "QuerySet[Budget]":
    return Budget.objects.order_by("id")[:1]


def _since(moment: datetime) -> dict[str, Any]:
    return Asking.objects.filter(at__gte=moment).aggregate(cost=Sum("cost"), calls=Count("id"))


def _begin_of_day() -> datetime:
    from django.utils.timezone import get_current_timezone

    return now().astimezone(get_current_timezone()).replace(hour=0, minute=0, second=0, microsecond=0)


def _reached(cap: str, most: Decimal | int, ticket: Ticket | None) -> str:
    period = "today" if cap.startswith("day") else "this month"
    what = f"{most} calls" if cap.endswith("calls") else f"{most:.2f} USD"
    sentence = f"The language model's budget of {what} {period} is used up: the assistant goes on without it"
    since = _begin_of_day() if cap.startswith("day") else _begin_of_day().replace(day=1)
    with transaction.atomic():
        one_at_a_time("assistant budget")
        if not Event.objects.filter(kind="assistant.capped", at__gte=since, data__cap=cap).exists():
            record("assistant.capped", by=CLOCK, ticket=ticket.pk if ticket else None, cap=cap, sentence=sentence)
            _tell_leads(sentence, ticket)
    return sentence


def _tell_leads(sentence: str, ticket: Ticket | None) -> None:
    """Those who may read the ticket on which it showed; all see it on the assistant's page."""
    if ticket is None:
        return
    for lead in User.objects.filter(role__in=("lead", "admin"), is_active=True).order_by("id"):
        with suppress(Refused):
            tell(ticket, lead, sentence, by=CLOCK)


def _plain(value: Decimal | int | None) -> str | int | None:
    return f"{value:.2f}" if isinstance(value, Decimal) else value
