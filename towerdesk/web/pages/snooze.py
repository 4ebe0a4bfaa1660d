"""Put a ticket out of sight until a moment, and bring it back."""

from datetime import datetime, time, timedelta

from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone

from towerdesk.lib.clock import now
from towerdesk.lib.errors import Trouble
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.snooze import snooze, wake
from towerdesk.web.moments import moment
from towerdesk.web.pages.acts import act
from towerdesk.web.pages.aside import aside
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say
from towerdesk.web.words import when_words

MORNING = time(9)


def snoozing(request: DeskRequest, number: int) -> HttpResponse:
    ticket, trouble = find(number, request.actor), None
    why = request.POST.get("why", "")
    if request.method == "POST":
        try:
            until = moment(request.POST.get("until") or request.POST.get("at", ""))
            snooze(ticket, until, why, by=request.actor)
            words = f"{ticket.number} is out of sight until {when_words(until, now())}."
            say(request, words, undo=f"/tickets/{ticket.pk}/wake")
            return HttpResponseRedirect(f"/tickets/{ticket.pk}")
        except Trouble as refused:
            trouble = refused
    return aside(
        request, ticket, "snooze", f"Snooze {ticket.number}", trouble, choices=choices(), typed=why, first=tomorrow()
    )


@act
def waking(request: DeskRequest, ticket: Ticket) -> str:
    wake(ticket, by=request.actor)
    return f"{ticket.number} is back."


def choices() -> list[tuple[str, str, str]]:
    """Words, the moment in the reader's time zone as ISO 8601, and that moment in words."""
    at = timezone.localtime(now())
    named = [("In an hour", at + timedelta(hours=1)), ("In four hours", at + timedelta(hours=4))]
    named += [("Tomorrow morning", _morning(at, 1)), ("Monday morning", _morning(at, 7 - at.weekday()))]
    named += [("In a week", _morning(at, 7))]
    return [(words, until.isoformat(), when_words(until, at)) for words, until in named]


def tomorrow() -> datetime:
    return _morning(timezone.localtime(now()), 1)


def _morning(at: datetime, days: int) -> datetime:
    return datetime.combine(at.date() + timedelta(days=days), MORNING, tzinfo=at.tzinfo)
