"""What a ticket's panel says of handoffs: who asks whom to take it, what became of it, how long each team had it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from towerdesk.accounts.models import Team
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.tickets import hands
from towerdesk.tickets.hands import Moment, fold
from towerdesk.tickets.models import Handoff, Ticket
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.web.columns import rows_of
from towerdesk.web.words import span_words

WIDTH, GAP = 300, 1.5
MOST_MOMENTS = 500
ASKED = "id kind from_name to_id to_name reason note state asked_by accept_by answered_by answer to_user_id".split()
COLUMNS = {name: name for name in ASKED} | {"person": "to_user__name"}


@dataclass(frozen=True, slots=True)
class Passing:
    """`mine` is true when it is for the reader to accept it or send it back; whoever asked is not asked."""

    handoff: Handoff
    to: str
    reason: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Stay:
    team: str
    length: str
    x: float
    width: float
    shape: str


def handoffs(ticket: Ticket, actor: Actor) -> dict[str, Any]:
    """By one question."""
    [found] = _found(number=ticket.pk)
    return {
        "passings": passings(found["its_handoffs"], ticket, actor),
        "stays": stays(found["its_moments"], [row["name"] for row in found["its_teams"]]),
    }


@compiled
def _found(*, number: int) -> "QuerySet[Ticket, Any]":
    moments = Event.objects.of(number).filter(kind__in=hands.KINDS)[:MOST_MOMENTS]
    asked = {
        "its_handoffs": rows_of(Handoff.objects.filter(ticket=number).order_by("-id")[:3], **COLUMNS),
        "its_moments": rows_of(moments, kind="kind", at="at", data="data"),
        "its_teams": rows_of(Team.objects.all()[:MOST_MOMENTS], name="name"),
    }
    return Ticket.objects.filter(pk=number).values(**asked)


def passings(rows: Iterable[dict[str, Any]], ticket: Ticket, actor: Actor) -> list[Passing]:
    """The one that waits, if any, then the newest that have ended."""
    found = [_passing(row, ticket, actor) for row in rows]
    return sorted(found, key=lambda one: not one.handoff.waits)


def _passing(row: dict[str, Any], ticket: Ticket, actor: Actor) -> Passing:
    person = row.pop("person")
    one = Handoff(ticket=ticket, **row | {"accept_by": datetime.fromisoformat(row["accept_by"])})
    asked = one.waits and actor.can("ticket.hand_off") and one.is_asked_of(actor)
    return Passing(
        one, person or one.to_name, taxonomy().name("handoff", one.reason), asked and one.asked_by != actor.name
    )


def stays(rows: Iterable[dict[str, Any]], teams: Sequence[str]) -> list[Stay]:
    """One for each team that had it, in the order in which they did; nothing while only one has."""
    moments = (Moment(row["kind"], datetime.fromisoformat(row["at"]), row["data"]) for row in rows)
    spent = fold(moments, teams).by(now())
    return list(_drawn(spent)) if len(spent) > 1 else []


def _drawn(spent: dict[str, float]) -> Iterable[Stay]:
    """At least a sliver each, so that nobody's part is invisible."""
    x, whole = 0.0, sum(max(seconds, 60.0) for seconds in spent.values())
    for place, (team, seconds) in enumerate(spent.items()):
        width = max(3.0, WIDTH * max(seconds, 60.0) / whole)
        yield Stay(
            team,
            span_words(timedelta(seconds=seconds)),
            round(x, 1),
            round(max(1.0, width - GAP), 1),
            f"hand-{place % 3}",
        )
        x += width
