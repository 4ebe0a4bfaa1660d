"""Answer all incidents of a problem: one text, sent by the reply verb on each, taken back in one step."""

from django.http import HttpResponse, HttpResponseRedirect

from towerdesk.actions.bulk import preview_bulk, start_bulk
from towerdesk.automation.macros import read_filled
from towerdesk.lib.errors import Trouble
from towerdesk.tickets.link import incidents_of
from towerdesk.web.pages.aside import aside
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest

TEXT = "Dear {{requester.first_name}},\n\nwhat you wrote to us about is solved.\n\nKind regards\n{{me.first_name}}"


def answering(request: DeskRequest, number: int) -> HttpResponse:
    ticket, trouble = find(number, request.actor), None
    text = request.POST.get("text", TEXT)
    waiting = list(incidents_of(ticket).visible_to(request.actor).for_strips().order_by("id"))
    if request.method == "POST":
        said = [{"do": "reply", "text": text, "then": "resolve"}]
        try:
            preview_bulk(waiting[:1], said, request.actor, read_filled)  # a wrong placeholder is told now
            bulk = start_bulk(incidents_of(ticket), said, by=request.actor)
            return HttpResponseRedirect(f"/bulk/{bulk.pk}")
        except Trouble as refused:
            trouble = refused
    return aside(
        request, ticket, "incidents", "Answer incidents", trouble, waiting=waiting, typed=text, more=len(waiting) - 8
    )
