"""Give a ticket to a person or a team."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from towerdesk.accounts.models import Team, User
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.assign import assign
from towerdesk.web.pages.acts import back
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say


def give(request: DeskRequest, number: int) -> HttpResponse:
    ticket = find(number, request.actor)
    if request.method != "POST":
        context = {"ticket": ticket, **_takers(request)}
        part = "web/ticket/give_form.html" if request.htmx else "web/ticket/give.html"
        return render(request, part, context)
    to = _taker(request.POST.get("to", ""))
    assign(ticket, to, by=request.actor)
    say(request, f"{ticket.number} is now with {to}.")
    return back(request, ticket) if to == request.user else HttpResponseRedirect(f"/tickets/{ticket.pk}")


def _takers(request: DeskRequest) -> dict[str, Any]:
    people = User.objects.filter(is_active=True).exclude(role="viewer").prefetch_related("teams")
    ours = sorted(people, key=lambda person: (person.pk != request.user.pk, person.name.casefold()))
    return {"people": ours, "teams": Team.objects.all()}


def _taker(given: str) -> User | Team:
    """`user:3` or `team:2`."""
    kind, _, pk = given.partition(":")
    found: User | Team | None = None
    if pk.isdecimal() and kind == "user":
        found = User.objects.filter(pk=int(pk)).first()
    elif pk.isdecimal() and kind == "team":
        found = Team.objects.filter(pk=int(pk)).first()
    if found is None:
        raise Invalid("Choose a person or a team to give this to.")
    return found
