"""A procedure on a ticket, as a checklist: begun by a person, or looked at while the assistant is at it."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from towerdesk.assistant.models import Procedure, ProcedureRun
from towerdesk.assistant.procedures.by_hand import go_by, leave_off, tick_off
from towerdesk.assistant.procedures.graphs import graph_of
from towerdesk.assistant.procedures.runs import Move
from towerdesk.lib.errors import NotFound, Trouble
from towerdesk.tickets.draft import keep_draft
from towerdesk.tickets.models import Draft, Ticket
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
        move = go_by(ticket, procedure, by=request.actor)
    except Trouble as trouble:
        return on_ticket(request, number, trouble)
    return _on(request, ticket, move)


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
    return _on(request, ticket, move)


@require_POST
def leave(request: DeskRequest, number: int) -> HttpResponse:
    ticket = find(number, request.actor)
    leave_off(ticket, by=request.actor)
    say(request, "From here on without the procedure. What was done stays in its list.")
    return HttpResponseRedirect(f"/tickets/{number}/procedure")


def _on(request: DeskRequest, ticket: Ticket, move: Move) -> HttpResponse:
    """What it would say to the customer waits as this person's draft."""
    if move.letter:
        begun = Draft.objects.filter(ticket=ticket, user=request.user, kind="reply").values_list("text", flat=True)
        keep_draft(ticket, "reply", "\n\n".join([*begun, move.letter]), by=request.actor)
        say(request, "What comes next is said to the customer: it waits in your reply.")
        return HttpResponseRedirect(f"/tickets/{ticket.pk}")
    if move.run.ended_at:
        say(request, f"“{move.run.version.procedure}” is at its end: {move.run.get_state_display().lower()}.")
    return HttpResponseRedirect(f"/tickets/{ticket.pk}/procedure")


def _newest(ticket: Ticket) -> ProcedureRun | None:
    runs = ProcedureRun.objects.filter(ticket=ticket).select_related(
        "version__procedure", "ticket__requester", "intent"
    )
    return runs.order_by("-id").first()
