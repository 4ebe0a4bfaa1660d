"""The bays of the Tower: which strips lie where, how many, and what the board above them says."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from towerdesk.lib.actor import Actor
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.ticket import TicketQuerySet
from towerdesk.web.strips import RUNNING, Strip, bay_of, strips_of
from towerdesk.web.words import SOON, due_words, when_words


@dataclass(frozen=True, slots=True)
class Place:
    """One bay: the step its tickets wait for, its name, and its sentence when nothing lies in it."""

    kind: str
    id: str
    title: str
    tab: str
    empty: str
    icon: str = ""
    most: int = 25  # strips that are shown at once; the list has the rest


PLACES = (
    Place("answer", "us", "Waiting on us", "Us", "Nobody waits on us. What comes in next lands here.", most=50),
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
    strips: list[Strip] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.strips)

    def says(self, at: datetime) -> tuple[str, str]:
        """What stands at the right of its title: words, and the part of them that is late."""
        if not self.strips:
            return "", ""
        if self.place.kind == "customer":
            return "clocks stand still", ""
        first = datetime.fromisoformat(self.strips[0].due_at)
        if first < at:
            return "first due", due_words(first, at).replace(" late", " ago")
        if self.place.kind == "others":
            return f"next answer {when_words(first, at)}", ""
        words = due_words(first, at)
        return (f"first due {words}" if words[0].isupper() else f"first due in {words}"), ""


def counts(tickets: TicketQuerySet, at: datetime) -> list[dict[str, Any]]:
    """One row per team and step over everything that waits: exact, and read from an index alone; two queries."""
    by_bay = tickets.waiting().order_by().values("team_id", "step_kind")
    urgent = by_bay.filter(step_kind__in=RUNNING, due_at__lt=at + SOON)
    soon = Q(due_at__gte=at) & ~Q(step_kind="assistant")
    timed = urgent.annotate(late=Count("due_at", filter=Q(due_at__lt=at)), soon=Count("due_at", filter=soon))
    of_time = {(row["team_id"], row["step_kind"]): row for row in timed}
    nothing = {"late": 0, "soon": 0}
    return [
        dict(row) | of_time.get((row["team_id"], row["step_kind"]), nothing) for row in by_bay.annotate(n=Count("*"))
    ]


def count(rows: Iterable[dict[str, Any]], team: int | None = None) -> list[Bay]:
    """All bays, counted but empty; only one team's tickets when one is given."""
    found = {place.kind: Bay(place) for place in PLACES}
    for row in rows:
        bay = found.get(bay_of(row["step_kind"]))
        if bay and team in (None, row["team_id"]):
            bay.count, bay.late, bay.soon = bay.count + row["n"], bay.late + row["late"], bay.soon + row["soon"]
    return list(found.values())


def bays(actor: Actor, rows: Iterable[dict[str, Any]], at: datetime, team: int | None = None) -> list[Bay]:
    """All bays with their first strips; two queries. A ticket that is resolved between them lies in none and is not counted."""
    found = {bay.place.kind: bay for bay in count(rows, team)}
    for strip in _strips(actor, [bay.place for bay in found.values() if bay.count], at, team):
        if bay := found.get(strip.bay):
            bay.strips.append(strip)
    for bay in found.values():
        _agree(bay)
    return list(found.values())


def _agree(bay: Bay) -> None:
    """They were counted a moment before they were read: a bay whose strips are all here has as many as one sees."""
    here = len(bay.strips)
    bay.count = here if here < bay.place.most else max(bay.count, here)
    bay.late = min(bay.late, bay.count)
    bay.soon = min(bay.soon, bay.count - bay.late)


def _strips(actor: Actor, places: list[Place], at: datetime, team: int | None) -> list[Strip]:
    if not places:
        return []
    visible = Ticket.objects.visible_to(actor)
    of_team = visible.filter(team_id=team) if team else visible
    first, *rest = (of_team.first_in_bay(place.kind, place.most) for place in places)
    numbers = list(first.union(*rest, all=True)) if rest else list(first)
    return strips_of(Ticket.objects.filter(pk__in=numbers).order_by("due_at", "id"), actor, at)
