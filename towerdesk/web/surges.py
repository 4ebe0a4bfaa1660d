"""Surges as pages show them: in one sentence, with their tickets and how they came in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.problems.models import Member, Surge
from towerdesk.tickets.models import Ticket

BARS = 24


@dataclass(frozen=True, slots=True)
class Band:
    """One line above the bays of the Tower."""

    surge: Surge
    says: str
    count: int


@dataclass(frozen=True, slots=True)
class Bar:
    """Of a drawing that is `BARS` wide and 10 high."""

    x: int
    y: float
    height: float


def bands(actor: Actor) -> list[Band]:
    """Those that stand, the newest first."""
    found = Surge.objects.visible_to(actor).standing().order_by("-at", "-id")
    counted = found.annotate(size=Count("members", filter=~Q(members__state="left_out")))
    return [Band(one, sentence(one), one.size) for one in counted[:5]]  # type: ignore[attr-defined]


def sentence(surge: Surge) -> str:
    return f"{surge.count} like requests in {span(surge.minutes)}, {usually(surge.expected)}"


def usually(expected: float) -> str:
    if expected < 0.5:
        return "usually none"
    return f"usually {expected:.0f}"


def span(minutes: int) -> str:
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"


def by_chance(probability: float) -> str:
    """Of so many windows like this one in how many it would happen by itself."""
    if probability <= 1e-12:
        return "never, as far as numbers go"
    return f"once in {round(1 / probability, -len(str(int(1 / probability))) + 1):,.0f}".replace(",", "\u202f")


def members_of(surge: Surge, actor: Actor) -> Sequence[Member]:
    seen = Ticket.objects.visible_to(actor)
    rows = surge.members.filter(ticket__in=seen.values("pk"))
    return list(rows.select_related("ticket__requester", "ticket__inbox").order_by("ticket__created_at", "ticket_id"))


def drawn(moments: Iterable[datetime], surge: Surge) -> list[Bar]:
    """How they came in, from a little before the first until the last, or until now while it lasts."""
    times = sorted(moments)
    if not times:
        return []
    until = now() if surge.state in ("proposed", "ongoing") else times[-1]
    begin = times[0] - (until - times[0]) / 6
    step = max((until - begin) / BARS, timedelta(seconds=30))
    counted = [0] * BARS
    for at in times:
        counted[min(int((at - begin) / step), BARS - 1)] += 1
    most = max(counted)
    return [Bar(x, 10 - 10 * number / most, 10 * number / most) for x, number in enumerate(counted) if number]
