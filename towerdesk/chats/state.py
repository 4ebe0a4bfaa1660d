"""How it stands between a visitor and us just now: who is here, whether we are open, how many wait before them."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from towerdesk.channels.models import Inbox
from towerdesk.chats.models import Visitor
from towerdesk.chats.ways import Ways, ways_of
from towerdesk.hours.models import Calendar
from towerdesk.hours.reckon import next_open
from towerdesk.lib.clock import now
from towerdesk.tickets.merge import standing
from towerdesk.tickets.models import Presence, Ticket
from towerdesk.tickets.presence import FRESH

WAITING = ("new", "open")


def state_of(visitor: Visitor) -> dict[str, Any]:
    """As the widget shows it. `step`: new, waiting, talking, or ended. `place` counts from 1, 0 when nobody waits."""
    ticket = ticket_of(visitor)
    said: dict[str, Any] = {**hours_of(visitor.inbox), "step": "new", "place": 0, "people": [], "mail": visitor.mail}
    if ticket is None:
        return said
    said["person_asked"] = bool(ticket.person_asked_at and ticket.is_waiting)
    said |= {"step": _step(ticket), "rating": ticket.rating or 0, "people": _people(ticket)}
    said["seen"] = _seen(ticket)
    if said["step"] == "waiting":
        said["place"] = _place(visitor, ticket)
    return said


def ticket_of(visitor: Visitor) -> Ticket | None:
    return standing(visitor.ticket) if visitor.ticket else None


def hours_of(inbox: Inbox, ways: Ways | None = None) -> dict[str, Any]:
    """Without a calendar somebody is always there."""
    number = (ways or ways_of(inbox)).calendar
    calendar = Calendar.objects.filter(pk=number).first() if number else None
    if calendar is None:
        return {"open": True, "opens": ""}
    at = now()
    opens: datetime | None = next_open(calendar.hours, at)
    return {"open": opens == at, "opens": opens.isoformat() if opens else ""}


def places_in(inbox: Inbox) -> dict[int, int]:
    """Visitors who wait for a person, each with their place; whoever has gone waits in nobody's way."""
    in_line = _in_line(inbox).order_by("ticket__created_at", "pk")
    return {number: place for place, number in enumerate(in_line.values_list("pk", flat=True), start=1)}


def _place(visitor: Visitor, ticket: Ticket) -> int:
    """As in `places_in`, of one alone."""
    in_line = _in_line(visitor.inbox)
    if not in_line.filter(pk=visitor.pk).exists():
        return 0
    before = Q(ticket__created_at__lt=ticket.created_at) | Q(ticket__created_at=ticket.created_at, pk__lt=visitor.pk)
    return in_line.filter(before).count() + 1


def _in_line(inbox: Inbox) -> "QuerySet[Visitor]":
    waiting = Visitor.objects.filter(inbox=inbox, ticket__inbox=inbox, ticket__status__in=WAITING).present()
    return waiting.filter(ticket__assignee=None, ticket__first_reply_at=None)


def _step(ticket: Ticket) -> str:
    if ticket.status in ("resolved", "closed"):
        return "ended"
    return "waiting" if ticket.first_reply_at is None and ticket.assignee_id is None else "talking"


def _people(ticket: Ticket) -> list[dict[str, Any]]:
    """First names only, and no word of notes: a visitor need not know more."""
    here = Presence.objects.filter(ticket=ticket, seen_at__gt=now() - FRESH).order_by("user__name")
    return [
        {"name": name.split(" ")[0], "typing": writing == "reply"}
        for name, writing in here.values_list("user__name", "writing")
    ]


def _seen(ticket: Ticket) -> str:
    """When somebody of us last had the ticket open."""
    seen = Presence.objects.filter(ticket=ticket).order_by("-seen_at").values_list("seen_at", flat=True).first()
    return seen.isoformat() if seen else ""
