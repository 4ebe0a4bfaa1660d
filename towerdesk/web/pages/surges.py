"""Surges: the list, one of them, and what a person decides about it."""

from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from towerdesk.lib.errors import NotFound
from towerdesk.lib.under_way import under_way
from towerdesk.problems.models import Surge
from towerdesk.problems.surges.decide import accept, dismiss, leave_out, set_ways, take_back
from towerdesk.web import surges as shown
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

MOST = 50


@require_safe
def surges(request: DeskRequest) -> HttpResponse:
    size = Count("members", filter=~Q(members__state="left_out"))
    found = list(
        Surge.objects.visible_to(request.actor).select_related("problem").annotate(size=size).order_by("-id")[:MOST]
    )
    rows = [(one, shown.sentence(one)) for one in found]
    context = {
        "standing": [row for row in rows if row[0].state in ("proposed", "ongoing")],
        "past": [row for row in rows if row[0].state not in ("proposed", "ongoing")],
        "tab": "surges",
    }
    return render(request, "web/problems/surges.html", context)


@require_safe
def band(request: DeskRequest) -> HttpResponse:
    """The lines above the bays, asked for again every minute, and more often while long work is under way."""
    return render(request, "web/problems/band.html", {"bands": shown.bands(request.actor), "under_way": under_way()})


@require_safe
def surge(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    members = shown.members_of(found, request.actor)
    inside = [one for one in members if one.state != "left_out"]
    context = {
        "surge": found,
        "says": shown.sentence(found),
        "usual": shown.usual_words(found.expected),
        "chance": shown.by_chance(found.probability),
        "members": members,
        "count": len(inside),
        "people": len({one.ticket.requester_id for one in inside}),
        "bars": shown.drawn([one.ticket.created_at for one in inside], found),
        "tellings": found.problem.tellings.order_by("-id") if found.problem else [],
        "banners": found.problem.banners.order_by("-id") if found.problem else [],
        "tab": "surges",
    }
    return render(request, "web/problems/surge.html", context)


@require_POST
def make_problem(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    problem = accept(found, by=request.actor, subject=request.POST.get("subject", ""))
    say(request, f"{problem.number} is the problem; they are its incidents.", undo=f"/problems/surges/{found.pk}/back")
    return HttpResponseRedirect(f"/problems/surges/{found.pk}")


@require_POST
def turn_down(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    dismiss(found, by=request.actor, why=request.POST.get("why", ""))
    say(request, "It is no surge. The same is not proposed for half a day.", undo=f"/problems/surges/{found.pk}/back")
    return HttpResponseRedirect("/" if request.POST.get("from") == "tower" else f"/problems/surges/{found.pk}")


@require_POST
def back(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(request, number)
    take_back(found, by=request.actor)
    say(request, "It is a proposal again, and its tickets are what they were.")
    return HttpResponseRedirect(f"/problems/surges/{found.pk}")


@require_POST
def ways(request: DeskRequest, number: int) -> HttpResponse:
    found, given = _find(request, number), request.POST
    set_ways(found, links_new="links_new" in given, holds="holds" in given, by=request.actor)
    say(request, "Kept.")
    return HttpResponseRedirect(f"/problems/surges/{found.pk}")


@require_POST
def member(request: DeskRequest, number: int, ticket: int) -> HttpResponse:
    """One ticket in or out."""
    found, one = _find(request, number), find(ticket, request.actor)
    out = request.POST.get("does") != "in"
    leave_out(found, one, by=request.actor, out=out)
    say(request, f"{one.number} {'does not belong to it' if out else 'belongs to it again'}.")
    return HttpResponseRedirect(f"/problems/surges/{found.pk}")


def _find(request: DeskRequest, number: int) -> Surge:
    found = Surge.objects.visible_to(request.actor).select_related("problem", "intent").filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such surge that you may read.")
    return found
