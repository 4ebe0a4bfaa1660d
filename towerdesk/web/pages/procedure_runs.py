"""The procedure on a ticket, by hand: begin one, fill in, go on, and let it do what it is ready to do."""

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from towerdesk.assistant.models import Procedure, ProcedureRun
from towerdesk.assistant.procedures.by_hand import begin_by_hand, fill_in, go_on
from towerdesk.lib.errors import NotFound, Trouble
from towerdesk.web.pages.aside import aside
from towerdesk.web.pages.ticket import find, show
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say


def begin(request: DeskRequest, number: int) -> HttpResponse:
    """Choose one of those that are published; choosing it begins it."""
    ticket = find(number, request.actor)
    procedures = Procedure.objects.visible_to(request.actor).published().exclude(current=None).select_related("current")
    trouble: Trouble | None = None
    if request.method == "POST":
        chosen = procedures.filter(key=request.POST.get("key", "")).first()
        try:
            if chosen is None or chosen.current is None:
                raise NotFound("Choose a procedure of the list.")
            begin_by_hand(ticket, chosen.current, by=request.actor)
            say(request, f"“{chosen}” has begun.")
            return HttpResponseRedirect(f"/tickets/{number}#procedure")
        except Trouble as error:
            trouble = error
    return aside(request, ticket, "procedure", "Begin a procedure", trouble, procedures=procedures)


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
