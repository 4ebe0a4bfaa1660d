"""The bug desk: bugs by how many customers they concern, one of them with all that is known, and reports that become one."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.connectors.trackers.connect import trackers
from towerdesk.lib.errors import NotFound, Trouble
from towerdesk.lib.text import as_number
from towerdesk.problems.bugs import gather
from towerdesk.problems.bugs.template import body, environment_of, evidence
from towerdesk.problems.bugs.worth import NOTHING, Worth, weigh, worth_of
from towerdesk.problems.models import Bug, Weighing
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.web.pages.aside import aside
from towerdesk.web.pages.do import number_in
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

MOST = 200
ORDERS = (("customers", "Customers"), ("value", "Value"), ("newest", "Newest"))


@dataclass(frozen=True, slots=True)
class Row:
    bug: Bug
    worth: Worth
    issues: list[Any]


def bugs(request: DeskRequest) -> HttpResponse:
    """Those that are not over, the heaviest first."""
    order = request.GET.get("by", "customers")
    whole = "all" in request.GET
    found = (
        Bug.objects.visible_to(request.actor)
        .select_related("ticket__assignee", "ticket__team")
        .prefetch_related("issues")
    )
    found = found if whole else found.exclude(ticket__status__in=("resolved", "closed"))
    rows = list(found.order_by("-pk")[:MOST])
    worth = worth_of(rows, request.actor)
    made = [Row(one, worth.get(one.pk, NOTHING), list(one.issues.all())) for one in rows]
    made.sort(key=_by(order), reverse=True)
    weighing = Weighing.objects.order_by("pk").first() or Weighing()
    context = {
        "rows": made,
        "orders": ORDERS,
        "by": order,
        "whole": whole,
        "weighing": weighing,
        "fields": [(key, one.name) for key, one in taxonomy().fields.items()],
        "weighed": _weighed(weighing),
        "tab": "bugs",
    }
    return render(request, "web/bugs/list.html", context)


def bug(request: DeskRequest, number: int) -> HttpResponse:
    return show(request, find_bug(request, number))


def show(
    request: DeskRequest, found: Bug, *, trouble: Trouble | None = None, typed: dict[str, str] | None = None
) -> HttpResponse:
    seen = Ticket.objects.visible_to(request.actor)
    reports = list(seen.for_strips().filter(links__kind="report", links__other=found.ticket).order_by("id"))
    worth = worth_of([found], request.actor).get(found.pk, NOTHING)
    issues = list(found.issues.select_related("connection").prefetch_related("comments").order_by("pk"))
    has = {one.connection_id for one in issues}
    context = {
        "bug": found,
        "ticket": found.ticket,
        "reports": reports,
        "worth": worth,
        "met": environment_of(reports),
        "quotes": evidence(reports),
        "issues": issues,
        "trackers": [one for one in trackers() if one.pk not in has],
        "pushes": found.pushes.exclude(fate="done").select_related("connection").order_by("pk"),
        "reports_like": gather.reports_like(found, request.actor),
        "bugs_like": gather.bugs_near(found, request.actor),
        "fixed": any(one.state == "done" for one in issues) or found.ticket.status in ("resolved", "closed"),
        "tellings": found.ticket.tellings.order_by("-id"),
        "trouble": trouble,
        "typed": typed or {},
        "tab": "bugs",
    }
    return render(request, "web/bugs/bug.html", context, status=trouble.status if trouble else 200)


def draft(request: DeskRequest, found: Bug, whole: set[int]) -> str:
    """The text of an issue, before a person has read it."""
    seen = Ticket.objects.visible_to(request.actor)
    reports = list(seen.for_strips().filter(links__kind="report", links__other=found.ticket).order_by("id"))
    worth = worth_of([found], request.actor).get(found.pk, NOTHING)
    link = f"{settings.PUBLIC_URL}/problems/bugs/{found.pk}"
    return body(found, environment_of(reports), worth, evidence(reports), whole, link)


@require_POST
def describing(request: DeskRequest, number: int) -> HttpResponse:
    found, given = find_bug(request, number), request.POST
    names, values = given.getlist("name"), given.getlist("value")
    environment = {name: value for name, value in zip(names, values, strict=False) if name.strip()}
    texts = {name: given.get(name, "") for name in ("steps", "expected", "actual")}
    gather.describe(found, by=request.actor, environment=environment, **texts)
    say(request, "Kept.")
    return HttpResponseRedirect(f"/problems/bugs/{found.pk}")


@require_POST
def adding(request: DeskRequest, number: int) -> HttpResponse:
    """Yes, this ticket is the same."""
    found = find_bug(request, number)
    report = find(number_in(request.POST.get("ticket", "")), request.actor)
    gather.add_report(found, report, by=request.actor)
    say(request, f"{report.number} is a report of bug {found.number}.")
    return HttpResponseRedirect(f"/problems/bugs/{found.pk}")


@require_POST
def merging(request: DeskRequest, number: int) -> HttpResponse:
    """Yes, these two bugs are the same: the reports of this one go to the other."""
    found, other = find_bug(request, number), find_bug(request, as_number(request.POST.get("other", "")))
    gather.same_bug(found, other, by=request.actor)
    say(request, f"The reports of {found.number} belong to {other.number} now.")
    return HttpResponseRedirect(f"/problems/bugs/{other.pk}")


def reporting(request: DeskRequest, number: int) -> HttpResponse:
    """From a ticket: a report of a bug that is known, or of a new one."""
    report, trouble = find(number, request.actor), None
    if request.method == "POST":
        try:
            return _report(request, report)
        except Trouble as refused:
            trouble = refused
    near = gather.bugs_like(report, request.actor)
    shown = {"near": near, "typed": request.POST.get("bug", ""), "there": gather.bug_of(report)}
    return aside(request, report, "bug", f"{report.number} is about a bug", trouble, **shown)


def _report(request: DeskRequest, report: Ticket) -> HttpResponse:
    chosen = request.POST.get("bug", "").strip()
    if chosen in ("", "new"):
        made = gather.begin_bug(report, by=request.actor, subject=request.POST.get("subject", ""))
        say(request, f"Bug {made.number} is there, with {report.number} as its first report.")
        return HttpResponseRedirect(f"/problems/bugs/{made.pk}")
    found = find_bug(request, number_in(chosen))
    gather.add_report(found, report, by=request.actor)
    say(request, f"{report.number} is a report of bug {found.number}.")
    return HttpResponseRedirect(f"/tickets/{report.pk}")


@require_POST
def weighing(request: DeskRequest) -> HttpResponse:
    given = request.POST
    values, numbers = given.getlist("value"), given.getlist("weight")
    weights = {value: number for value, number in zip(values, numbers, strict=False) if value.strip()}
    weigh(given.get("field", ""), weights, by=request.actor)
    say(request, "Bugs are weighed by that from now on.")
    return HttpResponseRedirect("/problems/bugs?by=value")


def find_bug(request: DeskRequest, number: int) -> Bug:
    found = Bug.objects.visible_to(request.actor).filter(pk=number).first()
    if found is None:
        raise NotFound(f"There is no bug {number} that you may read.")
    found.ticket = find(number, request.actor)
    return found


def _by(order: str) -> Any:
    if order == "newest":
        return lambda row: row.bug.pk
    if order == "value":
        return lambda row: (row.worth.value, row.worth.customers, row.bug.pk)
    return lambda row: (row.worth.customers, row.worth.value, row.bug.pk)


def _weighed(weighing: Weighing) -> list[tuple[str, Any]]:
    """Rows of the form: what is known, and room for more."""
    return [*sorted(weighing.weights.items()), ("", ""), ("", "")]
