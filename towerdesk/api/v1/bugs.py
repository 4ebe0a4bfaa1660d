"""Bugs: reports of one defect, gathered; what is known, whom it concerns, and that it is fixed."""

from datetime import datetime
from typing import Annotated

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import AfterValidator, BaseModel, Field

from towerdesk.api.once import once
from towerdesk.api.security import asker
from towerdesk.api.v1.find import Cursor, Id, Limit, not_nul, the_ticket
from towerdesk.api.v1.shapes import In, Line, TicketsOut
from towerdesk.api.v1.show import ticket_out
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import NotFound
from towerdesk.lib.pages import page_of
from towerdesk.lib.text import storable
from towerdesk.problems.bugs.gather import add_report, begin_bug
from towerdesk.problems.bugs.worth import NOTHING, Worth, worth_of
from towerdesk.problems.models import Bug
from towerdesk.problems.telling.tell import tell
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.resolve import resolve

router = Router(tags=["problems"])

type Number = Annotated[int, Field(ge=1, lt=2**63)]
type Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
type Letter = Annotated[str, AfterValidator(storable), Field(min_length=1, max_length=5000)]


class IssueOut(BaseModel):
    """At an issue tracker. `state`: open, done, dropped; `says` is the tracker's own word for it."""

    key: str
    url: str
    title: str
    state: str
    says: str


class BugOut(BaseModel):
    """`number` is that of its ticket. Counts and `value` are of reports that this key may see."""

    number: int
    subject: str
    status: str
    team: str | None
    assignee: str | None
    steps: str
    expected: str
    actual: str
    environment: dict[str, str]
    reports: int
    customers: int
    value: float
    waiting: int
    issues: list[IssueOut]
    created_at: datetime


class BugsOut(BaseModel):
    items: list[BugOut]
    next: str | None


class BeginIn(In):
    """`ticket` is its first report; `subject` that of the bug, left out the report's without what names a person."""

    ticket: Number
    subject: Line = ""


class ReportIn(In):
    ticket: Number


class FixedIn(In):
    """`note` says what was done. With `tell`, texts by language, everybody affected is told, once each, and asked."""

    note: Annotated[str, AfterValidator(storable), Field(max_length=2000)] = ""
    tell: Annotated[dict[Language, Letter], Field(max_length=30)] | None = None


@router.get("", response=BugsOut)
def list_bugs(
    request: HttpRequest,
    every: Annotated[bool, Query(alias="all", description="Those that are over, too.")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> BugsOut:
    """List bugs that are not over, the newest first."""
    found = _bugs(asker(request))
    found = found if every else found.exclude(ticket__status__in=("resolved", "closed"))
    page = page_of(found, "-pk", after=not_nul(cursor), limit=limit, of="bugs")
    worth = worth_of(page.items, asker(request))
    return BugsOut(items=[_out(one, worth.get(one.pk, NOTHING)) for one in page.items], next=page.next)


@router.post("", response={201: BugOut})
def begin(request: HttpRequest, said: BeginIn) -> HttpResponse:
    """Begin a bug with a ticket as its first report."""
    return once(
        request,
        lambda: _shown(
            request, begin_bug(the_ticket(request, said.ticket), by=asker(request), subject=said.subject).pk
        ),
        status=201,
    )


@router.get("/{number}", response=BugOut)
def bug(request: HttpRequest, number: Id) -> BugOut:
    """Read one bug."""
    return _shown(request, number)


@router.get("/{number}/reports", response=TicketsOut)
def reports(request: HttpRequest, number: Id, cursor: Cursor = None, limit: Limit = 50) -> TicketsOut:
    """List its reports that this key may see, the oldest first."""
    _the_bug(request, number)
    reports = Ticket.objects.filter(links__kind="report", links__other=number).values("pk")
    found = Ticket.objects.visible_to(asker(request)).for_strips().filter(pk__in=reports)
    page = page_of(found, "id", after=not_nul(cursor), limit=limit, of=f"bug {number}")
    return TicketsOut(items=[ticket_out(one) for one in page.items], next=page.next)


@router.post("/{number}/reports", response=BugOut)
def report(request: HttpRequest, number: Id, said: ReportIn) -> HttpResponse:
    """Say that one more ticket reports the same."""

    def do() -> BugOut:
        add_report(_the_bug(request, number), the_ticket(request, said.ticket), by=asker(request))
        return _shown(request, number)

    return once(request, do)


@router.post("/{number}/fixed", response=BugOut)
def fixed(request: HttpRequest, number: Id, said: FixedIn) -> HttpResponse:
    """Resolve it. Its issues follow; with `tell`, those affected are told after two minutes in which it can be stopped."""
    by = asker(request)

    def do() -> BugOut:
        ticket = _the_bug(request, number).ticket
        with transaction.atomic():
            if said.tell:
                tell(ticket, "over", said.tell, by=by)
            resolve(ticket, said.note, by=by)
        return _shown(request, number)

    return once(request, do)


def _bugs(by: Actor) -> "QuerySet[Bug]":
    return Bug.objects.visible_to(by).select_related("ticket__team", "ticket__assignee").prefetch_related("issues")


def _the_bug(request: HttpRequest, number: int) -> Bug:
    found = _bugs(asker(request)).filter(pk=number).first()
    if found is None:
        raise NotFound(f"There is no bug {number} that this key may see.")
    return found


def _shown(request: HttpRequest, number: int) -> BugOut:
    found = _the_bug(request, number)
    return _out(found, worth_of([found], asker(request)).get(found.pk, NOTHING))


def _out(bug: Bug, worth: Worth) -> BugOut:
    ticket = bug.ticket
    issues = [
        IssueOut(key=one.key, url=one.url, title=one.title, state=one.state, says=one.says) for one in bug.issues.all()
    ]
    return BugOut(
        number=bug.pk,
        subject=ticket.subject,
        status=ticket.status,
        team=ticket.team.slug if ticket.team else None,
        assignee=ticket.assignee.email if ticket.assignee else None,
        steps=bug.steps,
        expected=bug.expected,
        actual=bug.actual,
        environment={name: str(value) for name, value in bug.environment.items()},
        reports=worth.reports,
        customers=worth.customers,
        value=worth.value,
        waiting=worth.waiting,
        issues=issues,
        created_at=bug.created_at,
    )
