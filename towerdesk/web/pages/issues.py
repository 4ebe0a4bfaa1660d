"""A bug's issues: created from it, linked, written to, asked about now, taken away; and what nobody knows the fate of."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.connectors.models import Connection
from towerdesk.connectors.trackers.connect import trackers
from towerdesk.lib.errors import NotFound, Trouble
from towerdesk.lib.text import as_number
from towerdesk.problems.bugs.template import evidence
from towerdesk.problems.issues.ask import comment_issue, create_issue, link_issue, settle_push, unlink_issue
from towerdesk.problems.issues.look import look
from towerdesk.problems.models import Bug, Issue, Push
from towerdesk.tickets.models import Ticket
from towerdesk.web.pages.bugs import draft, find_bug, show
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say


def creating(request: DeskRequest, number: int) -> HttpResponse:
    """What it would say is read, and changed, by a person before it goes."""
    bug, trouble, given = find_bug(request, number), None, request.POST
    whole = {number for one in [*given.getlist("whole"), *request.GET.getlist("whole")] if (number := as_number(one))}
    if "create" in given:
        try:
            connection = _tracker(given.get("tracker", ""))
            create_issue(bug, connection, given.get("title", ""), given.get("body", ""), by=request.actor)
            say(request, f"The issue is on its way to {connection}.")
            return HttpResponseRedirect(f"/problems/bugs/{bug.pk}")
        except Trouble as refused:
            trouble = refused
    seen = Ticket.objects.visible_to(request.actor).for_strips()
    reports = list(seen.filter(links__kind="report", links__other=bug.ticket).order_by("id"))
    has = set(bug.issues.values_list("connection", flat=True))
    context = {
        "bug": bug,
        "trackers": [one for one in trackers() if one.pk not in has],
        "title": given.get("title") or bug.ticket.subject,
        "body": given.get("body") if "create" in given else draft(request, bug, whole),
        "quotes": evidence(reports),
        "whole": whole,
        "chosen": given.get("tracker", ""),
        "trouble": trouble,
        "tab": "bugs",
    }
    return render(request, "web/bugs/issue.html", context, status=trouble.status if trouble else 200)


@require_POST
def linking(request: DeskRequest, number: int) -> HttpResponse:
    bug, typed = find_bug(request, number), request.POST.get("issue", "")
    try:
        issue = link_issue(bug, _tracker(request.POST.get("tracker", "")), typed, by=request.actor)
    except Trouble as refused:
        return show(request, bug, trouble=refused, typed={"issue": typed})
    say(request, f"{issue.key} belongs to this bug.")
    return HttpResponseRedirect(f"/problems/bugs/{bug.pk}")


@require_POST
def unlinking(request: DeskRequest, number: int, issue: int) -> HttpResponse:
    bug = find_bug(request, number)
    unlink_issue(_issue(bug, issue), by=request.actor)
    say(request, "The link is gone. The issue stays where it is.")
    return HttpResponseRedirect(f"/problems/bugs/{bug.pk}")


@require_POST
def commenting(request: DeskRequest, number: int, issue: int) -> HttpResponse:
    bug, text = find_bug(request, number), request.POST.get("text", "")
    try:
        comment_issue(_issue(bug, issue), text, by=request.actor)
    except Trouble as refused:
        return show(request, bug, trouble=refused, typed={"comment": text})
    say(request, "The comment is on its way.")
    return HttpResponseRedirect(f"/problems/bugs/{bug.pk}")


@require_POST
def looking(request: DeskRequest, number: int, issue: int) -> HttpResponse:
    """Ask the tracker now."""
    bug = find_bug(request, number)
    found = _issue(bug, issue)
    request.actor.must("issue.write")
    say(request, f"{found.key} was asked about." if look(found) else found.trouble)
    return HttpResponseRedirect(f"/problems/bugs/{bug.pk}")


@require_POST
def settling(request: DeskRequest, number: int, push: int) -> HttpResponse:
    bug = find_bug(request, number)
    found = Push.objects.filter(bug=bug, pk=push).first()
    if found is None:
        raise NotFound("There is nothing of the kind.")
    settle_push(found, request.POST.get("there") == "yes", by=request.actor)
    say(request, "Written down.")
    return HttpResponseRedirect(f"/problems/bugs/{bug.pk}")


def _issue(bug: Bug, number: int) -> Issue:
    found = bug.issues.select_related("connection", "bug__ticket").filter(pk=number).first()
    if found is None:
        raise NotFound("This issue does not belong to the bug any more.")
    return found


def _tracker(given: str) -> Connection:
    found = next((one for one in trackers() if one.pk == as_number(given)), None)
    if found is None:
        raise NotFound("Choose one of the issue trackers that are connected.")
    return found
