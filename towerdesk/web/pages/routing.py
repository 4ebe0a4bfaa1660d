"""Routing: the routes in their order, one route's form; and on tickets: take the next, accept, let pass."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.accounts.models import Team
from towerdesk.automation.models import Placement, Route, Skill
from towerdesk.automation.routing import accept as offers
from towerdesk.automation.routing.next_ticket import next_ticket
from towerdesk.automation.routing.save import Draft, delete_route, save_route
from towerdesk.lib.errors import Conflict, Invalid, NotFound, Trouble
from towerdesk.tickets.models import Ticket
from towerdesk.web.pages.acts import act
from towerdesk.web.pages.rules import owner, owners
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

MODES = [("push", "give it to one person"), ("queue", "let people take the next")]
WAITING_SHOWN = 20


def routing(request: DeskRequest) -> HttpResponse:
    """Routes, and what is offered or waits for somebody now."""
    routes = Route.objects.select_related("team", "overflow", "owner").prefetch_related("skills")
    placed = list(Placement.objects.select_related("user", "route").order_by("since")[:WAITING_SHOWN])
    seen = Ticket.objects.visible_to(request.actor).in_bulk([one.ticket_id for one in placed])
    waiting = [(one, seen[one.ticket_id]) for one in placed if one.ticket_id in seen]
    return render(request, "web/routing/list.html", {"routes": routes, "waiting": waiting, "tab": "routing"})


def route(request: DeskRequest, number: int = 0) -> HttpResponse:
    found = _find(number) if number else None
    if request.method != "POST":
        return _form(request, found, _values(found))
    request.actor.must("rule.change")
    values = _typed(request)
    try:
        saved = save_route(found, _draft(values), by=request.actor)
    except Trouble as trouble:
        return _form(request, found, values, trouble)
    say(request, f"“{saved}” is saved" + (" and on." if saved.active else "; it is off."))
    return HttpResponseRedirect("/settings/routing")


def _typed(request: DeskRequest) -> dict[str, Any]:
    names = ("name", "condition", "mode", "team", "overflow", "owner", "accept_within", "overflow_after")
    values: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in names}
    skills = [int(pk) for pk in request.POST.getlist("skills") if pk.isdecimal()]
    return values | {"skills": skills, "sticky": "sticky" in request.POST, "active": "active" in request.POST}


def _draft(values: dict[str, Any]) -> Draft:
    return Draft(
        name=values["name"],
        mode=values["mode"],
        condition=values["condition"],
        team=_team(values["team"]),
        skills=list(Skill.objects.filter(pk__in=values["skills"])),
        sticky=values["sticky"],
        accept_within=_minutes(values["accept_within"]),
        overflow=_team(values["overflow"]),
        overflow_after=_minutes(values["overflow_after"]) or timedelta(minutes=30),
        owner=owner(values["owner"]),
        active=values["active"],
    )


def _minutes(text: str) -> timedelta | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 6:
        raise Invalid(f"“{text}” is no number of minutes: write for example 15.")
    return timedelta(minutes=int(text))


def _team(given: str) -> Team | None:
    return Team.objects.filter(pk=int(given)).first() if given.isdecimal() else None


def _find(number: int) -> Route:
    found = Route.objects.prefetch_related("skills").filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such route: perhaps somebody deleted it.")
    return found


def _values(found: Route | None) -> dict[str, Any]:
    if found is None:
        return {"mode": "push", "sticky": True, "overflow_after": "30", "skills": [], "active": False}
    return {
        "name": found.name,
        "condition": found.condition,
        "mode": found.mode,
        "team": str(found.team_id or ""),
        "overflow": str(found.overflow_id or ""),
        "owner": str(found.owner_id or ""),
        "accept_within": str(found.accept_within // timedelta(minutes=1)) if found.accept_within else "",
        "overflow_after": str(found.overflow_after // timedelta(minutes=1)),
        "skills": [skill.pk for skill in found.skills.all()],
        "sticky": found.sticky,
        "active": found.active,
    }


def _form(
    request: DeskRequest, found: Route | None, values: dict[str, Any], trouble: Trouble | None = None
) -> HttpResponse:
    if found is None:
        request.actor.must("rule.change")
        values.setdefault("owner", str(request.user.pk))
    context = {
        "route": found,
        "values": values,
        "trouble": trouble,
        "modes": MODES,
        "teams": [(str(pk), name) for pk, name in Team.objects.values_list("pk", "name")],
        "skills": Skill.objects.all(),
        "owners": owners(),
        "tab": "routing",
    }
    return render(request, "web/routing/edit.html", context, status=trouble.status if trouble else 200)


@require_POST
def delete_it(request: DeskRequest, number: int) -> HttpResponse:
    found = _find(number)
    try:
        delete_route(found, request.POST.get("typed", ""), by=request.actor)
    except Trouble as trouble:
        return _form(request, found, _values(found), trouble)
    say(request, f"“{found}” is deleted.")
    return HttpResponseRedirect("/settings/routing")


@require_POST
def take_next(request: DeskRequest) -> HttpResponse:
    """To the ticket; when there is none, back with the reason."""
    try:
        ticket = next_ticket(request.user, by=request.actor)
    except (Conflict, NotFound) as trouble:
        say(request, str(trouble))
        return HttpResponseRedirect("/")
    say(request, f"{ticket.number} is yours: it was the most urgent that you may take.")
    return HttpResponseRedirect(f"/tickets/{ticket.pk}")


@act
def accept(request: DeskRequest, ticket: Ticket) -> str:
    offers.accept(ticket, request.user, by=request.actor)
    return f"{ticket.number} is yours."


@act
def let_pass(request: DeskRequest, ticket: Ticket) -> str:
    offers.let_pass(ticket, request.user, why=request.POST.get("why", "").strip()[:200], by=request.actor)
    return f"{ticket.number} goes to somebody else."
