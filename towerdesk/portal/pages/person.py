"""Talk to a person. Opening the link does nothing, since mail scanners open links too; one press does."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from towerdesk.automation.say_when import sentence, when
from towerdesk.channels.webform.words import Words
from towerdesk.portal.language import language_of
from towerdesk.portal.sent import can_write
from towerdesk.tickets.ask_for_person import ask_for_person
from towerdesk.tickets.person_link import ticket_of


@csrf_exempt  # the signed token is the right to ask; there is no session whose rights could be abused
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, token: str) -> HttpResponse:
    ticket = ticket_of(token)
    if ticket is None:
        raise Http404("no such ticket")
    language = language_of(request, ticket)
    asked = request.method == "POST"
    if asked:
        ask_for_person(ticket, by=ticket.requester.actor(), language=language)
    context = {
        "w": Words(language),
        "lang": language,
        "name": settings.DESK_NAME,
        "ticket": ticket,
        "writes": can_write(),
        "said": sentence(when(ticket), language) if asked else "",
    }
    response = render(request, "portal/person.html", context)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
