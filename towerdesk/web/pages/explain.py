"""Rules on one ticket: at each moment which fired, which did not, and why."""

from django.http import HttpResponse
from django.shortcuts import render

from towerdesk.automation.models import MOMENTS
from towerdesk.automation.past.explain import occasions, verdicts
from towerdesk.events.models import Event
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest

SHOWN = 40
MOST_RULES = 200
WORDS = dict(MOMENTS) | {"rule.fired": "A rule of the clock", "rule.failed": "A rule of the clock"}


def explain(request: DeskRequest, number: int) -> HttpResponse:
    """`?event=` chooses the moment; without it the newest."""
    ticket = find(number, request.actor)
    events = list(Event.objects.of(ticket.pk))
    moments = occasions(events)[:SHOWN]
    asked = request.GET.get("event", "")
    chosen = next((event for event in moments if str(event.pk) == asked), moments[0] if moments else None)
    told = verdicts(ticket, events, chosen) if chosen else []
    context = {
        "ticket": ticket,
        "moments": [(event, WORDS.get(event.kind, event.kind)) for event in moments],
        "chosen": chosen,
        "acted": [one for one in told if one.outcome != "not"],
        "others": [one for one in told if one.outcome == "not"][:MOST_RULES],
    }
    return render(request, "web/rules/explain.html", context)
