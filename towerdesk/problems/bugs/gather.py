"""Reports of one defect become one bug: begun from a ticket, added to by others, and found by nearness."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.knowledge.index import pack, unpack
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import Vectors
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.text import one_line, storable
from towerdesk.problems.bugs.redact import redacted
from towerdesk.problems.models import Bug, Sighting
from towerdesk.problems.surges.decide import find_out, ours
from towerdesk.problems.surges.space import space_of
from towerdesk.problems.telling.newcomer import tell_newcomer
from towerdesk.tickets.link import link
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.ticket import WAITING
from towerdesk.tickets.open import open_ticket

MOST = 5
LATELY = 400  # reports that are compared


@dataclass(frozen=True, slots=True)
class Near:
    """`near` is a cosine."""

    ticket: Ticket
    near: float

    @property
    def percent(self) -> int:
        return round(100 * self.near)


def begin_bug(report: Ticket, *, by: Actor, subject: str = "", cause: Event | None = None) -> Bug:
    """A bug of its own, with this ticket as its first report. It belongs to the same team; no customer is written to on it."""
    by.must("ticket.open")
    by.must("ticket.link")
    with transaction.atomic():
        report.hold()
        if there := bug_of(report):
            raise Conflict(f"Ticket {report.number} is a report of bug {there.number} already.")
        ticket = open_ticket(
            one_line(subject, 500) or redacted(report.subject, [report.requester.name]),
            requester=ours(by),
            inbox=report.inbox,
            team=report.team,
            type="bug",
            intent=report.intent,
            product_area=report.product_area,
            by=by,
        )
        find_out(ticket, by)
        bug = Bug.objects.create(ticket=ticket, created_at=now())
        link(report, ticket, "report", by=by, cause=cause)
        _move_middle(bug)
    return bug


def add_report(bug: Bug, report: Ticket, *, by: Actor, cause: Event | None = None) -> None:
    """One more says the same. If a text was approved for newcomers, they hear it."""
    by.must("ticket.link")
    with transaction.atomic():
        if there := bug_of(report):
            if there.pk == bug.pk:
                return
            raise Conflict(f"Ticket {report.number} is a report of bug {there.number}: take that link away first.")
        link(report, bug.ticket, "report", by=by, cause=cause)
        _move_middle(bug)
    tell_newcomer(bug.ticket, report, cause=cause)


def same_bug(bug: Bug, other: Bug, *, by: Actor) -> None:
    """All reports of `bug` become those of `other`, and `bug` a duplicate of it."""
    by.must("ticket.link")
    if bug.pk == other.pk:
        raise Invalid("A bug is the same as itself: choose another one.")
    with transaction.atomic():
        for one in bug.ticket.linked_from.filter(kind="report").select_related("ticket").order_by("ticket"):
            report = one.ticket
            one.delete()
            link(report, other.ticket, "report", by=by)
        link(bug.ticket, other.ticket, "duplicate", by=by)
        _move_middle(other)


def describe(bug: Bug, *, by: Actor, steps: str, expected: str, actual: str, environment: dict[str, str]) -> None:
    by.must("ticket.change")
    with transaction.atomic():
        bug.ticket.hold()
        bug.steps, bug.expected, bug.actual = (storable(text).strip()[:5000] for text in (steps, expected, actual))
        bug.environment = {
            one_line(key, 40): one_line(value, 120) for key, value in environment.items() if value.strip()
        }
        bug.save(update_fields=["steps", "expected", "actual", "environment"])
        record("bug.described", by=by, ticket=bug.pk)


def bug_of(report: Ticket) -> Bug | None:
    return Bug.objects.filter(ticket__linked_from__ticket=report, ticket__linked_from__kind="report").first()


def reports_of(bug: Bug) -> "Sequence[Ticket]":
    """All of them; narrow to those that a person may read before showing any."""
    return list(Ticket.objects.filter(links__kind="report", links__other=bug.ticket).order_by("id"))


def bugs_like(report: Ticket, by: Actor) -> list[Near]:
    """Open bugs that this ticket may be another report of, the nearest first."""
    asked = vector_of(report)
    if asked is None:
        return []
    vector, model = asked
    bugs = Bug.objects.visible_to(by).filter(
        model=model, vector__isnull=False, ticket__status__in=(*WAITING, "resolved")
    )
    return _nearest(vector, model, [(bug.ticket, bug.vector) for bug in bugs.select_related("ticket")])


def reports_like(bug: Bug, by: Actor) -> list[Near]:
    """Tickets of the last weeks that may be reports of this bug and are of none yet, the nearest first."""
    if bug.vector is None:
        return []
    vector = unpack(bug.vector)[0]
    seen = Ticket.objects.visible_to(by).exclude(links__kind="report")
    rows = Sighting.objects.filter(model=bug.model, ticket__in=seen.values("pk")).select_related("ticket__requester")
    return _nearest(vector, bug.model, [(row.ticket, row.vector) for row in rows.order_by("-at")[:LATELY]])


def bugs_near(bug: Bug, by: Actor) -> list[Near]:
    """Other open bugs that may be the same."""
    if bug.vector is None:
        return []
    vector = unpack(bug.vector)[0]
    others = Bug.objects.visible_to(by).filter(model=bug.model, vector__isnull=False, ticket__status__in=WAITING)
    found = [(one.ticket, one.vector) for one in others.exclude(pk=bug.pk).select_related("ticket")]
    return _nearest(vector, bug.model, found)


def _nearest(vector: Vectors, model: str, others: "Sequence[tuple[Ticket, bytes | memoryview | None]]") -> list[Near]:
    """Those that may be the same, whatever their intent; all are vectors of this model as they are kept."""
    space = space_of(model)
    asked = space.row(vector)
    near = [Near(ticket, float(space.row(unpack(kept)[0]) @ asked)) for ticket, kept in others]
    return sorted((one for one in near if one.near >= space.bounds.nearer), key=lambda one: -one.near)[:MOST]


def vector_of(report: Ticket) -> tuple[Vectors, str] | None:
    """What was asked, and whose vector it is by fingerprint; None for a ticket that came before anybody looked out."""
    found = Sighting.objects.filter(ticket=report).first()
    return (unpack(found.vector)[0], found.model) if found else None


def _move_middle(bug: Bug) -> None:
    """A bug lies in the middle of its reports."""
    rows = list(Sighting.objects.filter(ticket__links__kind="report", ticket__links__other=bug.ticket).order_by("-at"))
    if not rows:
        return
    same = [row for row in rows if row.model == rows[0].model]
    bug.vector = pack(np.concatenate([unpack(row.vector) for row in same]).mean(axis=0, dtype=np.float32))
    bug.model = rows[0].model
    bug.save(update_fields=["vector", "model"])
