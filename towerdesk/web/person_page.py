"""What a person's page shows: how they reach us, all that they wrote about, who may be the same, and who is a part of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet

from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.lib.pages import Page, page_of
from towerdesk.people.models import Identity, Person
from towerdesk.tickets.alike import PHONES, alike
from towerdesk.tickets.models import Join, Message, Ticket
from towerdesk.web.sentences import sentence

PER_PAGE = 30
LINES = 12
TOLD = ("person.joined", "person.parted", "person.proved", "person.disproved", "person.changed")


@dataclass(frozen=True, slots=True)
class Way:
    """A channel by which somebody wrote, on how many tickets."""

    channel: str
    tickets: int


@dataclass(frozen=True, slots=True)
class Line:
    at: Any
    says: str


def person_page(person: Person, actor: Actor, after: str | None = None) -> dict[str, Any]:
    """All of it in a number of questions that does not grow with what there is to show."""
    identities = list(person.identities.order_by("-verified", "kind", "pk"))
    joins = joins_of(person)
    ways = ways_of(person, actor)
    history = history_of(person, actor, after)
    return {
        "person": person,
        "identities": identities,
        "ways": ways,
        "written": sum(way.tickets for way in ways),
        "history": history,
        "joins": joins,
        "parted_notes": [joined.person for joined in joins if joined.person.note],
        "alike": alike(person, identities, actor),
        "lines": _lines(person, joins),
    }


def history_of(person: Person, actor: Actor, after: str | None) -> "Page[Ticket]":
    """Every ticket of theirs that this actor may read, whatever it came by; newest first."""
    by = Message.objects.filter(ticket=OuterRef("pk"), direction="in", public=True).order_by("channel")
    tickets = Ticket.objects.visible_to(actor).filter(requester=person).select_related("inbox", "assignee", "team")
    came_by = ArraySubquery(by.values("channel").distinct())
    return page_of(
        tickets.annotate(came_by=came_by), "-created_at", "-id", after=after, limit=PER_PAGE, of=f"person {person.pk}"
    )


def ways_of(person: Person, actor: Actor) -> list[Way]:
    """How their tickets came; the way they use most comes first."""
    theirs = Ticket.objects.visible_to(actor).filter(requester=person)
    wrote = Message.objects.filter(ticket__in=theirs, direction="in", public=True)
    counted = wrote.order_by().values("channel").annotate(n=Count("ticket", distinct=True)).order_by("-n", "channel")
    return [Way(row["channel"], row["n"]) for row in counted]


def joins_of(person: Person) -> Sequence[Join]:
    """Who is a part of them, and of those in turn; the newest first."""
    into = Q(into=person) | Q(into__merged_into=person) | Q(into__merged_into__merged_into=person)
    return list(Join.objects.filter(into, undone_at=None).select_related("person").order_by("-pk"))


def _lines(person: Person, joins: Iterable[Join]) -> list[Line]:
    them = [person.pk, *(joined.person_id for joined in joins)]
    events = Event.objects.filter(kind__in=TOLD, subject_id__in=them).order_by("-id")[:LINES]
    return [Line(event.at, sentence(event)) for event in events]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two who may be joined."""

    person: Person
    identities: Sequence[Identity]
    ways: Sequence[Way]
    tickets: int

    @property
    def claims(self) -> list[Identity]:
        """What somebody else may yet prove to be theirs. Nobody but its page has a chat's."""
        return [one for one in self.identities if not one.verified and one.kind in ("email", *PHONES)]


def side(person: Person, actor: Actor) -> Side:
    mine = Ticket.objects.visible_to(actor).filter(requester=person)
    return Side(
        person, list(person.identities.order_by("-verified", "kind", "pk")), ways_of(person, actor), mine.count()
    )


def listed(actor: Actor, words: str, after: str | None) -> "Page[Person]":
    """People who stand for themselves, by name; with how many tickets of each this actor may read."""
    tickets = Ticket.objects.visible_to(actor).filter(requester=OuterRef("pk")).order_by().values("requester")
    count = ArraySubquery(tickets.annotate(n=Count("pk")).values("n"))
    people: QuerySet[Person] = Person.objects.standing().matching(words).annotate(counted=count)
    people = people.select_related("organisation").prefetch_related("identities")
    return page_of(people, "name", "id", after=after, of="people")
