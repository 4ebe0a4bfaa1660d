"""The checklist of a ticket: put points on it, tick them off, take them away."""

from collections.abc import Iterable

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.lib.text import one_line, storable
from towerdesk.tickets.models import Point, Ticket
from towerdesk.tickets.save import save

MOST = 50


def add_points(ticket: Ticket, texts: Iterable[str], *, by: Actor, cause: Event | None = None) -> list[Point]:
    """A point that is on the list already is not put there twice."""
    by.must("ticket.change")
    wanted = [text for one in texts if (text := one_line(storable(one), 200))]
    if not wanted:
        raise Invalid("Say in a few words what is to be done.")
    with transaction.atomic():
        ticket.hold()
        there = set(ticket.points.values_list("text", flat=True))
        fresh = [text for text in dict.fromkeys(wanted) if text not in there]
        if len(there) + len(fresh) > MOST:
            raise Invalid(f"A checklist has {MOST} points at most: take some off first.")
        made = [Point.objects.create(ticket=ticket, text=text, by_name=by.name[:200]) for text in fresh]
        for point in made:
            record("ticket.listed", by=by, ticket=ticket.pk, subject=point.pk, cause=cause, text=point.text)
        if made:
            save(ticket)
    return made


def tick(point: Point, on: bool = True, *, by: Actor, cause: Event | None = None) -> None:
    """`on` False opens it again."""
    by.must("ticket.change")
    with transaction.atomic():
        ticket = point.ticket.hold()
        held = _hold(point)
        if (held.done_at is not None) == on:
            return
        held.done_at, held.done_by = (now(), by.name[:200]) if on else (None, "")
        held.save(update_fields=["done_at", "done_by"])
        save(ticket)
        _record(held, "ticked off" if on else "opened again", by, cause)


def take_off(point: Point, *, by: Actor, cause: Event | None = None) -> None:
    by.must("ticket.change")
    with transaction.atomic():
        ticket = point.ticket.hold()
        held = _hold(point)
        _record(held, "took off the checklist", by, cause)
        held.delete()
        save(ticket)


def _hold(point: Point) -> Point:
    held = Point.objects.filter(pk=point.pk).first()
    if held is None:
        raise NotFound("This point is no longer on the checklist.")
    return held


def _record(point: Point, did: str, by: Actor, cause: Event | None) -> None:
    record("ticket.ticked", by=by, ticket=point.ticket_id, subject=point.pk, cause=cause, did=did, text=point.text)
