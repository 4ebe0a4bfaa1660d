"""The bays of the Tower: which strips lie where, how many, and what the board above them says."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from towerdesk.lib.actor import Actor
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.ticket import TicketQuerySet
from towerdesk.web.strips import RUNNING, Strip, strips_of
from towerdesk.web.words import SOON, due_words, when_words

MOST = 50


@dataclass(frozen=True, slots=True)
class Place:
    """One bay: the step its tickets wait for, its name, and its sentence when nothing lies in it."""

    kind: str
    id: str
    title: str
    tab: str
    empty: str
    icon: str = ""


PLACES = (
    Place("answer", "us", "Waiting on us", "Us", "Nobody waits on us. What comes in next lands here."),
    Place("approve", "ask", "Needs approval", "Approve", "Nothing asks for your word.", "stamp"),
    Place("assistant", "ai", "Assistant at work", "Assistant", "The assistant has nothing in hand.", "radar"),
    Place("customer", "cust", "Waiting on the customer", "Customer", "No customer owes us an answer."),
    Place("others", "other", "Waiting on others", "Others", "Nothing waits on anybody outside."),
)
TITLES = {place.kind: place.title for place in PLACES}


@dataclass(slots=True)
class Bay:
    place: Place
    count: int = 0
    late: int = 0
    soon: int = 0
    first: datetime | None = None
    strips: list[Strip] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.strips)

    def says(self, at: datetime) -> tuple[str, str]:
        """What stands at the right of its title: words, and the part of them that is late."""
        if self.first is None:
            return "", ""
        if self.place.kind == "customer":
            return "clocks stand still", ""
        if self.first < at and self.place.kind in RUNNING:
            return "first due", due_words(self.first, at).replace(" late", " ago")
        if self.place.kind == "others":
            return f"next answer {when_words(self.first, at)}", ""
        words = due_words(self.first, at)
        return (f"first due {words}" if words[0].isupper() else f"first due in {words}"), ""


def counts(tickets: TicketQuerySet, at: datetime) -> list[dict[str, Any]]:
    """One row per team and step over everything that waits: exact, in one grouped query."""
    running = Q(step_kind__in=RUNNING)
    rows = (
        tickets.waiting()
        .order_by()
        .values("team_id", "step_kind")
        .annotate(
            n=Count("id"),
            late=Count("id", filter=running & Q(due_at__lt=at)),
            soon=Count("id", filter=running & ~Q(step_kind="assistant") & Q(due_at__gte=at, due_at__lt=at + SOON)),
            first=Min("due_at"),
        )
    )
    return [dict(row) for row in rows]


def count(rows: Iterable[dict[str, Any]], team: int | None = None) -> list[Bay]:
    """All bays, counted but empty; only one team's tickets when one is given."""
    found = {place.kind: Bay(place) for place in PLACES}
    for row in rows:
        bay = found.get(row["step_kind"])
        if bay and team in (None, row["team_id"]):
            bay.count, bay.late, bay.soon = bay.count + row["n"], bay.late + row["late"], bay.soon + row["soon"]
            bay.first = min(filter(None, (bay.first, row["first"])), default=None)
    return list(found.values())


def bays(actor: Actor, rows: Iterable[dict[str, Any]], at: datetime, team: int | None = None) -> list[Bay]:
    """All bays with their first strips; two queries."""
    found = {bay.place.kind: bay for bay in count(rows, team)}
    for strip in _strips(actor, [kind for kind, bay in found.items() if bay.count], at, team):
        found[strip.bay].strips.append(strip)
    return list(found.values())


def _strips(actor: Actor, kinds: list[str], at: datetime, team: int | None) -> list[Strip]:
    if not kinds:
        return []
    visible = Ticket.objects.visible_to(actor)
    of_team = visible.filter(team_id=team) if team else visible
    first, *rest = (of_team.in_bay(kind).values_list("pk", flat=True)[:MOST] for kind in kinds)
    numbers = list(first.union(*rest, all=True)) if rest else list(first)
    return strips_of(Ticket.objects.filter(pk__in=numbers).order_by("due_at", "id"), actor, at)
