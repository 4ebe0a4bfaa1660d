"""The procedure on a ticket, by hand: fill in what one knows, and let it go on."""

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from towerdesk.assistant.models import ProcedureRun
from towerdesk.assistant.procedures.by_hand import fill_in, go_on
from towerdesk.lib.errors import NotFound, Trouble
from towerdesk.web.pages.ticket import find, show
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say


@require_POST
def fill(request: DeskRequest, number: int) -> HttpResponse:
    """One thing at a time: `name` and what was typed for it."""
    run = _run(request, number)
    try:
        fill_in(run, request.POST.get("name", ""), request.POST.get("value", ""), by=request.actor)
    except Trouble as trouble:
        return show(request, find(number, request.actor), trouble=trouble)
    return HttpResponseRedirect(f"/tickets/{number}#procedure")


@require_POST
def on(request: DeskRequest, number: int) -> HttpResponse:
    run = _run(request, number)
    try:
        move = go_on(run, by=request.actor)
    except Trouble as trouble:
        return show(request, find(number, request.actor), trouble=trouble)
    say(request, "Look at the suggestion." if move.letter or move.ends else move.stop.why or "It went on.")
    return HttpResponseRedirect(f"/tickets/{number}#procedure")


def _run(request: DeskRequest, number: int) -> ProcedureRun:
    ticket = find(number, request.actor)
    run = (
        ProcedureRun.objects.visible_to(request.actor)
        .filter(ticket=ticket)
        .select_related("version__procedure", "ticket__requester", "ticket__team", "ticket__assignee", "intent")
        .order_by("-id")
        .first()
    )
    if run is None:
        raise NotFound("There is no procedure on this ticket.")
    return run
