"""The checklist in the panel of a ticket."""

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from towerdesk.lib.errors import NotFound
from towerdesk.tickets.checklist import add_points, take_off, tick
from towerdesk.tickets.models import Point
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest


@require_POST
def add(request: DeskRequest, number: int) -> HttpResponse:
    ticket = find(number, request.actor)
    add_points(ticket, request.POST.get("text", "").splitlines(), by=request.actor)
    return HttpResponseRedirect(f"/tickets/{ticket.pk}?point#checklist")


@require_POST
def change(request: DeskRequest, number: int, point: int, does: str) -> HttpResponse:
    """`does` is `done`, `open` or `gone`."""
    found = _find(request, number, point)
    if does == "gone":
        take_off(found, by=request.actor)
    else:
        tick(found, does == "done", by=request.actor)
    return HttpResponseRedirect(f"/tickets/{number}#checklist")


def _find(request: DeskRequest, number: int, point: int) -> Point:
    found = Point.objects.select_related("ticket").filter(ticket=find(number, request.actor), pk=point).first()
    if found is None:
        raise NotFound("This point is no longer on the checklist.")
    return found
