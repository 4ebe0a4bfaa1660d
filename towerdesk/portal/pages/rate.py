"""The one-click question of a reply. Opening the link records nothing, since mail scanners open links too; one click does."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from towerdesk.channels.webform.words import Words
from towerdesk.lib.text import as_number
from towerdesk.portal.language import language_of
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.person_link import person_token
from towerdesk.tickets.rate import RATINGS, rate
from towerdesk.tickets.rating_link import ticket_of


@csrf_exempt  # the signed token is the right to answer; there is no session whose rights could be abused
@require_http_methods(["GET", "HEAD", "POST"])
def rate_ticket(request: HttpRequest, token: str, rating: int) -> HttpResponse:
    ticket = ticket_of(token)
    if ticket is None or rating not in RATINGS:
        raise Http404("no such question")
    if request.method == "POST":
        return _record(request, ticket, rating)
    words = _words(request, ticket)
    context = {"rating": rating, "questions": {value: words["w"][f"rate_{value}"] for value in (3, 2, 1)}}
    return render(request, "portal/rate.html", context | words | {"person": person_token(ticket)})


def _words(request: HttpRequest, ticket: Ticket) -> dict[str, Any]:
    words = Words(language_of(request, ticket))
    return {"w": words, "lang": words.language, "ticket": ticket, "name": settings.DESK_NAME}


def _record(request: HttpRequest, ticket: Ticket, rating: int) -> HttpResponse:
    chosen = request.POST.get("rating", "")
    rating = as_number(chosen) if as_number(chosen) in RATINGS else rating
    rate(ticket, rating, request.POST.get("comment", "").strip(), by=ticket.requester.actor())
    words = _words(request, ticket)
    return render(request, "portal/thanks.html", words | {"said": words["w"][f"rate_said_{rating}"]})
