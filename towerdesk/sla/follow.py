"""Let a ticket's clocks follow what happens to it, in the transaction of the event itself.

The verb holds the ticket's row, so nobody else moves its clocks meanwhile. `flow` says which kinds of event come here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.expressions import RawSQL

from towerdesk.events.models import Event
from towerdesk.lib.compiled import compiled
from towerdesk.lib.rows import insert, update
from towerdesk.sla import track as tracks
from towerdesk.sla.courses import DONE, Course, courses
from towerdesk.sla.models import Clock, Track
from towerdesk.sla.policies import STAMP, Promise, promise_for, promises
from towerdesk.sla.reckon import set_clock
from towerdesk.sla.tell import tell
from towerdesk.sla.wake import wake
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.ticket import OURS

SHOWN = ("policy_id", "minutes", "stopped_at", "due_at", "state", "pauses", "breached_at", "next_at", "done")
MOVING = (
    "policy_id", "minutes", "stopped_at", "due_at", "state", "pauses", "used_seconds", "breached_at", "next_at", "done",
)  # fmt: skip
KEPT = ("policy", "spells", "asks", "own_due")
IDLE = ("message.sent", "message.failed", "message.unsure", "message.bounced", "message.tried_again", "ticket.tagged")
"""Events that only matter to the clocks when a status was changed, or a condition asks for it."""


def keep_time(events: Sequence[Event]) -> None:
    """What the events of one ticket, recorded in one transaction, mean for its clocks."""
    found: list[Any] = _with_track(number=events[-1].ticket_id or 0)
    among = promises(found[0].stamp) if found else ()
    if among:
        follow(found[0], events, among)


def follow(ticket: Ticket, events: Sequence[Event], among: Sequence[Promise]) -> None:
    """The ticket is as the last of them left it: what it was for a moment in between has no length."""
    track = getattr(ticket, "track", None) or tracks.begin(ticket, events[0])
    is_new = track._state.adding
    if is_new and ticket.status in DONE:
        return
    moved = any([tracks.go_on(track, ticket, event) for event in events])  # noqa: C419 - each of them counts
    promise = promise_for(ticket, tuple(among))
    changed = track.policy_id != (promise.id if promise else None)
    track.policy_id = promise.id if promise else None
    if is_new:
        insert(track)
    elif moved or changed:
        update(track, *KEPT)
    if is_new or moved or changed or any(event.kind not in IDLE for event in events):
        reckon(ticket, track, promise, events[-1].at, cause=events[-1], fresh=is_new)


def reckon(
    ticket: Ticket, track: Track, promise: Promise | None, at: datetime, *, cause: Event | None, fresh: bool = False
) -> None:
    """Set every clock of the (held) ticket by its track, write those that moved, and say what that means."""
    was = {} if fresh else {(clock.kind, clock.started_at): clock for clock in _clocks(number=ticket.pk)}
    before = {key: _shown(clock) for key, clock in was.items()}
    ways = (
        [] if promise is None or ticket.merged_into_id else courses(track.spells, track.asks, ticket.priority, promise)
    )
    now_on: list[Clock] = []
    for course in ways:
        clock = was.pop((course.kind, course.started), None) or Clock(ticket=ticket, kind=course.kind)
        set_clock(clock, course, promise, at)  # type: ignore[arg-type]
        now_on.append(clock)
    ended = [_end(clock) for clock in was.values() if clock.is_going]
    moved = [clock for clock in now_on if clock.pk is None or _shown(clock) != before[clock.kind, clock.started_at]]
    _write(moved, ended)
    tell(ticket, promise, now_on, ended, before, cause=cause)
    wake(min((clock.next_at for clock in moved if clock.next_at), default=None))
    follow_due(ticket, track, now_on)


def course_of(clock: Clock, ticket: Ticket, track: Track, promise: Promise) -> Course | None:
    ways = courses(track.spells, track.asks, ticket.priority, promise)
    return next((one for one in ways if (one.kind, one.started) == (clock.kind, clock.started_at)), None)


def follow_due(ticket: Ticket, track: Track, clocks: Sequence[Clock]) -> None:
    """The ticket is due when the first of its running promises is, or earlier when a person said so."""
    if ticket.step_kind not in OURS or not ticket.is_waiting:
        return
    dues = [clock.due_at for clock in clocks if clock.state == "running" and clock.due_at]
    if not dues:
        return
    due = min(dues if track.own_due is None else [*dues, track.own_due])
    if due != ticket.due_at:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE tickets_ticket SET due_at = %s WHERE id = %s", [due, ticket.pk])
        ticket.due_at = due


@compiled
def _with_track(*, number: int) -> "QuerySet[Ticket]":
    """As the verb wrote it, with what conditions ask for most, and the `stamp` of what is promised."""
    stamp = RawSQL(STAMP, [], output_field=TextField())  # noqa: S611 - a constant of ours
    return Ticket.objects.for_strips().select_related("track").filter(pk=number).annotate(stamp=stamp)


@compiled
def _clocks(*, number: int) -> "QuerySet[Clock]":
    return Clock.objects.filter(ticket=number).order_by("id")


def _shown(clock: Clock) -> tuple[object, ...]:
    """What is compared to see whether a clock moved: `tell` reads from it how things were."""
    return tuple(getattr(clock, name) for name in SHOWN)


def _end(clock: Clock) -> Clock:
    """No longer promised: the ticket was merged, or what holds for it now promises no such thing."""
    clock.state, clock.next_at = "ended", None
    return clock


def _write(moved: Sequence[Clock], ended: Sequence[Clock]) -> None:
    for clock in (*moved, *ended):
        if clock._state.adding:
            insert(clock)
        else:
            update(clock, *MOVING)
