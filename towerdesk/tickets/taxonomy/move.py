"""Move the open tickets that have one value to another: an act of its own, seen beforehand, on every ticket, undoable."""

from typing import Any

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.tickets.change import change
from towerdesk.tickets.models import Intent, Ticket
from towerdesk.tickets.models.ticket import TicketQuerySet
from towerdesk.tickets.save import save
from towerdesk.tickets.tag import tag
from towerdesk.tickets.taxonomy.known import taxonomy

MOST = 1000
"""Tickets moved in one act."""
COLUMNS = {"type": "type", "area": "product_area", "impact": "impact", "urgency": "urgency"}


def movable(kind: str, key: str, by: Actor) -> TicketQuerySet:
    """The open tickets that still have it and that this actor may see."""
    waiting = Ticket.objects.visible_to(by).waiting()
    if kind in COLUMNS:
        return waiting.filter(**{COLUMNS[kind]: key})
    if kind == "intent":
        return waiting.filter(intent__slug=key)
    if kind == "tag":
        return waiting.filter(tags__contains=[key])
    if kind.startswith("field."):
        name = kind.removeprefix("field.")
        several = taxonomy().fields[name].kind == "multi"
        return waiting.filter(fields__contains={name: [key] if several else key})
    return waiting.none()


def move(kind: str, was: str, now: str, *, by: Actor) -> Event:
    """At most `MOST` at a time, the oldest first. The event that comes back undoes it with `move_back`."""
    by.must("taxonomy.change")
    by.must("ticket.change")
    if was == now:
        raise Invalid("Choose another value to move them to.")
    with transaction.atomic():
        tickets = list(movable(kind, was, by).order_by("pk")[:MOST])
        if not tickets:
            raise Conflict("No open ticket has this value any more.")
        numbers = [ticket.pk for ticket in tickets]
        event = record("taxonomy.moved", by=by, list=kind, was=was, now=now, tickets=numbers)
        for ticket in tickets:
            _move(ticket, kind, was, now, by=by, cause=event)
    return event


def _move(ticket: Ticket, kind: str, was: str, now: str, *, by: Actor, cause: Event) -> None:
    """The priority stays, also where the matrix would say another: only this value moves."""
    if kind == "tag":
        tag(ticket, add=[now], remove=[was], by=by, cause=cause)
    elif kind == "intent":
        change(ticket, intent=Intent.objects.get(slug=now), by=by, cause=cause)
    elif kind.startswith("field."):
        key = kind.removeprefix("field.")
        change(ticket, fields={key: _instead(ticket.fields[key], was, now)}, by=by, cause=cause)
    else:
        values: dict[str, Any] = {"priority": ticket.priority, COLUMNS[kind]: now}
        change(ticket, by=by, cause=cause, **values)


def _instead(has: Any, was: str, now: str) -> Any:
    return sorted({now if one == was else one for one in has}) if isinstance(has, list) else now


def move_back(moved: Event, *, by: Actor) -> int:
    """What was changed again since stays as it is. Returns how many tickets went back."""
    by.must("taxonomy.change")
    by.must("ticket.change")
    kind, was, now = moved.data["list"], moved.data["was"], moved.data["now"]
    with transaction.atomic():
        if Event.objects.filter(kind="taxonomy.moved_back", cause_id=moved.pk).exists():
            raise Conflict("This has been taken back already.")
        tickets = list(movable(kind, now, by).filter(pk__in=moved.data["tickets"]).order_by("pk"))
        numbers = [ticket.pk for ticket in tickets]
        event = record("taxonomy.moved_back", by=by, cause=moved, list=kind, was=now, now=was, tickets=numbers)
        for ticket in tickets:
            _put_back(ticket, kind, was, now, by=by, cause=event)
    return len(tickets)


def _put_back(ticket: Ticket, kind: str, was: str, now: str, *, by: Actor, cause: Event) -> None:
    """The old value may be retired by now, so it can't be chosen: it is put back as it was."""
    ticket.hold()
    if kind == "tag":
        ticket.tags = sorted({*ticket.tags, was} - {now})
        save(ticket, "tags")
        record("ticket.tagged", by=by, ticket=ticket.pk, cause=cause, added=[was], removed=[now])
        return
    column, had, name = _set(ticket, kind, was, now)
    save(ticket, column)
    record("ticket.changed", by=by, ticket=ticket.pk, cause=cause, what=name, changes={name: [had, was]})


def _set(ticket: Ticket, kind: str, was: str, now: str) -> tuple[str, Any, str]:
    """Put the old value onto the ticket: column, what it had, and what the event calls it."""
    if kind == "intent":
        ticket.intent = Intent.objects.get(slug=was)
        return "intent", now, "intent"
    if kind.startswith("field."):
        key = kind.removeprefix("field.")
        ticket.fields = ticket.fields | {key: _instead(ticket.fields[key], now, was)}
        return "fields", now, kind
    setattr(ticket, COLUMNS[kind], was)
    return COLUMNS[kind], now, COLUMNS[kind]
