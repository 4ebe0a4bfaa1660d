"""Link tickets, take links away, and put together again what was split."""

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from towerdesk.lib.errors import NotFound, Trouble
from towerdesk.tickets.link import link, unlink
from towerdesk.tickets.merge import merge
from towerdesk.tickets.models import Link
from towerdesk.tickets.models.link import LINKS
from towerdesk.web.pages.aside import aside
from towerdesk.web.pages.do import number_in
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say

OFFERED = [
    ("duplicate", "a duplicate of"),
    ("incident", "an incident of the problem"),
    ("child", "a part of"),
    ("follow_up", "a follow-up to"),
]


def linking(request: DeskRequest, number: int) -> HttpResponse:
    ticket, trouble = find(number, request.actor), None
    kind, typed = request.POST.get("kind", "duplicate"), request.POST.get("other", "")
    if request.method == "POST":
        try:
            other = find(number_in(typed), request.actor)
            link(ticket, other, kind, by=request.actor)
            say(request, f"{ticket.number} is {LINKS[kind][0]} {other.number}.")
            return HttpResponseRedirect(f"/tickets/{ticket.pk}")
        except Trouble as refused:
            trouble = refused
    return aside(request, ticket, "link", f"Link {ticket.number}", trouble, kinds=OFFERED, kind=kind, typed=typed)


@require_POST
def unlinking(request: DeskRequest, number: int, link: int) -> HttpResponse:
    ticket = find(number, request.actor)
    found = Link.objects.around(ticket, request.actor).filter(pk=link).first()
    if found is None:
        raise NotFound("This link was taken away already.")
    unlink(found, by=request.actor)
    say(request, "The link is gone. Both tickets stay as they are.")
    return HttpResponseRedirect(f"/tickets/{ticket.pk}")


@require_POST
def unsplit(request: DeskRequest, number: int) -> HttpResponse:
    """Undo of a split: back into the ticket that it came from."""
    ticket = find(number, request.actor)
    origin = Link.objects.filter(ticket=ticket, kind="split").first()
    if origin is None:
        raise NotFound(f"Ticket {ticket.number} was not split off another one.")
    into = find(origin.other_id, request.actor)
    merge(ticket, into, by=request.actor)
    say(request, f"The messages are back on {into.number}.", undo=f"/tickets/{ticket.pk}/unmerge")
    return HttpResponseRedirect(f"/tickets/{into.pk}")
