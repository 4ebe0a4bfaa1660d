"""The one-click question of a reply. Opening the link records nothing, since mail scanners open links too; one click does."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from towerdesk.lib.text import as_number
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.person_link import person_token
from towerdesk.tickets.rate import RATINGS, rate
from towerdesk.tickets.rating_link import ticket_of

QUESTIONS = {3: "Yes, it is solved", 2: "Partly", 1: "No"}


@csrf_exempt  # the signed token is the right to answer; there is no session whose rights could be abused
@require_http_methods(["GET", "HEAD", "POST"])
def rate_ticket(request: HttpRequest, token: str, rating: int) -> HttpResponse:
    ticket = ticket_of(token)
    if ticket is None or rating not in RATINGS:
        raise Http404("no such question")
    if request.method == "POST":
        return _record(request, ticket, rating)
    context = {"ticket": ticket, "rating": rating, "questions": QUESTIONS, "token": token, "name": settings.DESK_NAME}
    context |= {"person": person_token(ticket)}
    return render(request, "portal/rate.html", context)


def _record(request: HttpRequest, ticket: Ticket, rating: int) -> HttpResponse:
    chosen = request.POST.get("rating", "")
    rating = as_number(chosen) if as_number(chosen) in RATINGS else rating
    rate(ticket, rating, request.POST.get("comment", "").strip(), by=ticket.requester.actor())
    return render(request, "portal/thanks.html", {"ticket": ticket, "rating": rating, "name": settings.DESK_NAME})
