"""Split messages off a ticket."""

from django.http import HttpResponse, HttpResponseRedirect

from towerdesk.lib.errors import Trouble
from towerdesk.lib.text import one_line
from towerdesk.tickets.split import split
from towerdesk.web.pages.aside import aside
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

MOST = 200  # messages that are offered, the newest


def splitting(request: DeskRequest, number: int) -> HttpResponse:
    ticket, trouble = find(number, request.actor), None
    if request.method == "POST":
        chosen = [int(one) for one in request.POST.getlist("message") if one.isdecimal()]
        try:
            made = split(ticket, chosen, request.POST.get("subject", ""), by=request.actor)
            say(request, f"{made.number} was split off {ticket.number}.", undo=f"/tickets/{made.pk}/unsplit")
            return HttpResponseRedirect(f"/tickets/{made.pk}")
        except Trouble as refused:
            trouble = refused
    messages = list(ticket.messages.order_by("-created_at", "-id")[:MOST])[::-1]
    rows = [(message, one_line(message.visible or message.text, 110)) for message in messages]
    return aside(request, ticket, "split", f"Split {ticket.number}", trouble, messages=rows)
