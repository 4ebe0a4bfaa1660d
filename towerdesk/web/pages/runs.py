"""A person's word on a suggestion: approve, edit or reject."""

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from towerdesk.assistant.grade import approve, reject, send_edited
from towerdesk.assistant.models import Run
from towerdesk.assistant.procedures.approve import carry_out
from towerdesk.lib.errors import NotFound, Trouble
from towerdesk.web.pages.acts import say_leaves, then_of
from towerdesk.web.pages.ticket import find, show
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say


@require_POST
def approve_run(request: DeskRequest, run: int) -> HttpResponse:
    found = _find(request, run)
    if found.acts:
        return _do(request, found)
    try:
        message = approve(found, by=request.actor, then=then_of(request), pause=found.ticket.inbox.undo)
    except Trouble as trouble:
        return show(request, find(found.ticket_id, request.actor), trouble=trouble)
    say_leaves(request, message, f"Approved. The reply goes to {found.ticket.requester.first_name}")
    return _back(found)


def _do(request: DeskRequest, run: Run) -> HttpResponse:
    """What the procedure is ready to do; what came of it is said to the customer, or to whoever goes on."""
    try:
        message = carry_out(run, by=request.actor, then=then_of(request), pause=run.ticket.inbox.undo)
    except Trouble as trouble:
        return show(request, find(run.ticket_id, request.actor), trouble=trouble)
    if message is None:
        say(request, "It could not be finished: the ticket says why.")
    else:
        say_leaves(request, message, f"Done. The answer goes to {run.ticket.requester.first_name}")
    return _back(run)


@require_POST
def edit_run(request: DeskRequest, run: int) -> HttpResponse:
    found, text = _find(request, run), request.POST.get("text", "")
    try:
        message = send_edited(found, text, by=request.actor, then=then_of(request), pause=found.ticket.inbox.undo)
    except Trouble as trouble:
        return show(request, find(found.ticket_id, request.actor), write="edit", text=text, trouble=trouble)
    say_leaves(request, message, f"Your version goes to {found.ticket.requester.first_name}")
    return _back(found)


@require_POST
def reject_run(request: DeskRequest, run: int) -> HttpResponse:
    found, why = _find(request, run), request.POST.get("quick") or request.POST.get("why", "")
    try:
        reject(found, why, by=request.actor)
    except Trouble as trouble:
        return show(request, find(found.ticket_id, request.actor), write="reject", text=why, trouble=trouble)
    say(request, "Rejected. The assistant learns from it.")
    return HttpResponseRedirect(f"/tickets/{found.ticket_id}?write=reply")


def _find(request: DeskRequest, run: int) -> Run:
    found = (
        Run.objects.visible_to(request.actor)
        .select_related("ticket__requester", "ticket__inbox", "intent", "procedure_run")
        .filter(pk=run)
        .first()
    )
    if found is None:
        raise NotFound("There is no such suggestion.")
    return found


def _back(run: Run) -> HttpResponse:
    return HttpResponseRedirect(f"/tickets/{run.ticket_id}")
