"""A person's word on what a tool is to do, or on whether it happened, on the ticket that it is about."""

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from towerdesk.connectors.decide import approve, decline
from towerdesk.connectors.models import Call
from towerdesk.connectors.settle import settle
from towerdesk.connectors.undo import undo
from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.tickets.asked_by_tools import calls_of
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

WORDS: dict[str, Callable[[DeskRequest, Call], Call]] = {
    "approve": lambda request, call: approve(call, by=request.actor),
    "decline": lambda request, call: decline(call, request.POST.get("why", "").strip()[:300], by=request.actor),
    "happened": lambda request, call: settle(call, True, by=request.actor),
    "did_not": lambda request, call: settle(call, False, by=request.actor),
    "undo": lambda request, call: undo(call, by=request.actor),
}


@require_POST
def word(request: DeskRequest, number: int, call: int) -> HttpResponse:
    ticket = find(number, request.actor)
    found = calls_of(ticket.pk).filter(pk=call).first()
    if found is None:
        raise NotFound("There is no such call on this ticket.")
    does = WORDS.get(request.POST.get("word", ""))
    if does is None:
        raise Invalid("Say what is to be done with it.")
    after = does(request, found)
    note = after.note or after.get_state_display()
    say(request, after.sentence if after.state == "done" else f"{after.title}: {note}")
    return HttpResponseRedirect(f"/tickets/{ticket.pk}")
