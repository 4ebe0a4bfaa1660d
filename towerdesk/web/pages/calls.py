"""Ring the customer of a ticket, or say that it was done by another telephone."""

from django.http import HttpResponse, HttpResponseRedirect

from towerdesk.channels.account import plain_fields
from towerdesk.lib.errors import NotFound, Trouble
from towerdesk.lib.phone import number_words
from towerdesk.tickets.call_back import called_back, numbers_of, our_number, ring_back, rings_by
from towerdesk.tickets.models import Ticket
from towerdesk.web.pages.acts import act
from towerdesk.web.pages.aside import aside
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say


def calling(request: DeskRequest, number: int) -> HttpResponse:
    request.actor.must("ticket.reply")
    ticket, trouble = find(number, request.actor), None
    inbox = rings_by(ticket)
    if inbox is None:
        raise NotFound("No inbox can make calls: connect one for the telephone under Settings → Inboxes.")
    chosen, agent = request.POST.get("number", ""), request.POST.get("agent", "")
    if request.method == "POST":
        try:
            ring_back(ticket, chosen, agent, by=request.actor)
            say(request, f"Your telephone rings now. Press a key, and {ticket.requester.first_name} is rung.")
            return HttpResponseRedirect(f"/tickets/{ticket.pk}")
        except Trouble as refused:
            trouble = refused
    numbers = [(one, number_words(one)) for one in numbers_of(ticket)]
    shown = {
        "numbers": numbers,
        "chosen": chosen or next((words for _, words in numbers), ""),
        "agent": agent or number_words(our_number(inbox, request.actor)),
        "from": number_words(plain_fields(inbox).get("number", "")),
    }
    return aside(request, ticket, "call", f"Call {ticket.requester.first_name}", trouble, **shown)


@act
def done(request: DeskRequest, ticket: Ticket) -> str:
    called_back(ticket, by=request.actor)
    return f"{ticket.requester.first_name} was called back."
