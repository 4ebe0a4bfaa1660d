"""One strip, for the page that heard of a change."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from towerdesk.tickets.models import Ticket
from towerdesk.web.request import DeskRequest
from towerdesk.web.strips import strips_of


@require_safe
def strip(request: DeskRequest, number: int) -> HttpResponse:
    """204 when the ticket lies in no bay any more, or not for this person."""
    found = strips_of(Ticket.objects.visible_to(request.actor).waiting().filter(pk=number), request.actor)
    return render(request, "web/parts/item.html", {"s": found[0]}) if found else HttpResponse(status=204)
