"""Keep a ticket's track: after every event of the ticket, what that means for statuses and answers."""

from typing import Any

from towerdesk.events.models import Event
from towerdesk.sla.courses import DONE
from towerdesk.sla.models import Track
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.message import ANSWERERS

MACHINES = ("vacation", "auto_reply", "bounce")
REPLANS = ("message.", "call.", "ticket.reopened", "ticket.step", "ticket.resolved", "ticket.person_asked", "handoff.")
"""Events with which the desk plans the next step itself, whatever a person had said before."""

PASSED_ON = ("ticket.handed_off", "ticket.escalated")
"""The next step is to accept it, by a time of its own."""


def begin(ticket: Ticket, event: Event) -> Track:
    """Of a ticket that is new, or was there before anything was promised: then time counts from this event on.

    Whoever had their first answer before is owed none.
    """
    had_one = event.kind != "ticket.opened" and ticket.first_reply_at is not None
    asks = [{"at": None, "answered": event.at.isoformat(), "message": None}] if had_one else []
    return Track(ticket=ticket, asks=asks)


def go_on(track: Track, ticket: Ticket, event: Event) -> bool:
    """Write down what happened; returns whether anything did. The ticket is as the event left it."""
    was = (len(track.spells), [dict(ask) for ask in track.asks], track.own_due)
    at = event.at.isoformat()
    if not track.spells or track.spells[-1][1] != ticket.status:
        track.spells.append([at, ticket.status])
    if not track.asks:
        track.asks.append(_ask(at))
    _answers(track, ticket, event, at)
    _own_due(track, ticket, event)
    return was != (len(track.spells), track.asks, track.own_due)


def _answers(track: Track, ticket: Ticket, event: Event, at: str) -> None:
    newest = track.asks[-1]
    if event.kind == "message.queued" and event.actor_kind in ANSWERERS:
        if newest["answered"] is None:
            newest["answered"], newest["message"] = at, event.subject_id
        elif newest["message"] is None:
            newest["message"] = event.subject_id  # resolved with this reply: the resolution is recorded first
    elif event.kind == "call.done" or (event.kind == "call.heard" and event.data["outcome"] == "answered"):
        newest["answered"] = newest["answered"] or at
    elif event.kind == "message.withdrawn" and newest["message"] == event.subject_id:
        newest["answered"] = newest["message"] = None
    elif ticket.status in DONE:
        if newest["answered"] is None:
            newest["answered"] = at
    elif newest["answered"] and _asks(event):
        track.asks.append(_ask(at))


def _asks(event: Event) -> bool:
    """Whoever wants a person waits for an answer, however they said so."""
    if event.kind == "message.received":
        return event.data["auto"] not in MACHINES
    return event.kind == "ticket.person_asked"


def _ask(at: str) -> dict[str, Any]:
    return {"at": at, "answered": None, "message": None}


def _own_due(track: Track, ticket: Ticket, event: Event) -> None:
    named = event.kind == "ticket.changed" and "next step" in event.data["changes"]
    if named or event.kind in PASSED_ON:
        track.own_due = ticket.due_at
    elif event.kind.startswith(REPLANS) or "status" in event.data.get("changes", ()):
        track.own_due = None
