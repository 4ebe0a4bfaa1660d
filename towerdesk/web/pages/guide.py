"""A procedure on a ticket, as a checklist: begun by a person, or looked at while the assistant is at it."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.assistant.models import Procedure, ProcedureRun, Run
from towerdesk.assistant.procedures.by_hand import begin_by_hand, leave_off, tick_off
from towerdesk.assistant.procedures.graphs import graph_of
from towerdesk.lib.errors import Conflict, NotFound, Trouble
from towerdesk.tickets.models import Ticket
from towerdesk.web.guide import fills, guide
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say


def on_ticket(request: DeskRequest, number: int, trouble: Trouble | None = None) -> HttpResponse:
    """The one that is under way or ran last, and those that one may go by."""
    ticket = find(number, request.actor)
    run = _newest(ticket)
    context: dict[str, Any] = {
        "ticket": ticket,
        "trouble": trouble,
        "typed": request.POST,
        "run": run,
        "procedures": Procedure.objects.published().visible_to(request.actor) if not run or run.ended_at else (),
    }
    if run:
        graph = graph_of(run.version)
        steps = list(run.steps.all())
        every = fills(graph, run)
        known, unknown = [one for one in every if one.value], [one for one in every if not one.value]
        context |= {"parts": guide(graph, run, steps), "known": known, "unknown": unknown}
    return render(request, "web/procedures/guide.html", context, status=trouble.status if trouble else 200)


@require_POST
def begin(request: DeskRequest, number: int) -> HttpResponse:
    ticket = find(number, request.actor)
    key = request.POST.get("procedure", "")
    procedure = Procedure.objects.visible_to(request.actor).select_related("current").filter(key=key).first()
    if procedure is None:
        raise NotFound("There is no such procedure: choose one of the list.")
    try:
        if procedure.current is None or procedure.status != "published":
            raise Conflict(f"“{procedure}” is not published, so nobody goes by it.")
        run = begin_by_hand(ticket, procedure.current, by=request.actor)
    except Trouble as trouble:
        return on_ticket(request, number, trouble)
    return _on(request, ticket, run)


@require_POST
def done(request: DeskRequest, number: int) -> HttpResponse:
    """One line is done; what was filled in is `slot.NAME`."""
    ticket = find(number, request.actor)
    run = _newest(ticket)
    if run is None:
        raise NotFound("No procedure is under way on this ticket.")
    filled = {
        name.removeprefix("slot."): str(value) for name, value in request.POST.items() if name.startswith("slot.")
    }
    try:
        move = tick_off(run, request.POST.get("node", ""), filled, by=request.actor)
    except Trouble as trouble:
        return on_ticket(request, number, trouble)
    return _on(request, ticket, move.run)


@require_POST
def leave(request: DeskRequest, number: int) -> HttpResponse:
    ticket = find(number, request.actor)
    leave_off(ticket, by=request.actor)
    say(request, "From here on without the procedure. What was done stays in its list.")
    return HttpResponseRedirect(f"/tickets/{number}/procedure")


def _on(request: DeskRequest, ticket: Ticket, run: ProcedureRun) -> HttpResponse:
    """What it would say to the customer, or do, waits for this person's word like any suggestion."""
    if Run.objects.filter(procedure_run=run, state="open").exists():
        say(request, "What comes next is a suggestion: look at it, then let it leave.")
        return HttpResponseRedirect(f"/tickets/{ticket.pk}")
    run.refresh_from_db()
    if run.ended_at:
        say(request, f"“{run.version.procedure}” is at its end: {run.get_state_display().lower()}.")
    return HttpResponseRedirect(f"/tickets/{ticket.pk}/procedure")


def _newest(ticket: Ticket) -> ProcedureRun | None:
    runs = ProcedureRun.objects.filter(ticket=ticket).select_related(
        "version__procedure", "ticket__requester", "intent"
    )
    return runs.order_by("-id").first()
