"""While somebody writes: keep the draft, and say who else is at the ticket."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.chats.visitors import visitor_at
from towerdesk.notifications.read import read_ticket
from towerdesk.tickets.draft import keep_draft
from towerdesk.tickets.models.draft import KINDS
from towerdesk.tickets.presence import be_here, leave, others_here
from towerdesk.web.around import Here
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest


@require_POST
def draft(request: DeskRequest, number: int) -> HttpResponse:
    ticket = find(number, request.actor)
    kind = request.POST.get("kind", "")
    kept = keep_draft(ticket, kind, request.POST.get("text", ""), by=request.actor)
    if request.htmx:
        return HttpResponse("kept" if kept else "", content_type="text/plain")
    return HttpResponseRedirect(f"/tickets/{ticket.pk}?write={kind}")


@require_POST
def here(request: DeskRequest, number: int) -> HttpResponse:
    """The answer says who else is here, as the page shows it."""
    ticket = find(number, request.actor)
    if "gone" in request.POST:
        leave(ticket, by=request.actor)
        return HttpResponse(status=204)
    be_here(ticket, writing=_kind(request.POST.get("writing", "")), by=request.actor)
    read_ticket(request.user, ticket.pk)
    others = [
        Here(name, writing) for name, writing in others_here(ticket, request.actor).values_list("user__name", "writing")
    ]
    return render(request, "web/ticket/here.html", {"here": others, "visitor": visitor_at(ticket)})


def _kind(said: str) -> str:
    """What is no kind of draft, such as a reason for a rejection, is nothing that others hear of."""
    return said if said in dict(KINDS) else ""
