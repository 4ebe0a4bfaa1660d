"""Let a ticket's clocks follow what happens to it, in the transaction of the event itself.

The verb holds the ticket's row, so nobody else moves its clocks meanwhile. `flow` says which kinds of event come here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.expressions import RawSQL

from towerdesk.events.models import Event
from towerdesk.lib.compiled import compiled
from towerdesk.lib.rows import Writing, inserting, updating, write
from towerdesk.sla import track as tracks
from towerdesk.sla.courses import DONE, Course, courses
from towerdesk.sla.models import Clock, Track
from towerdesk.sla.policies import PROMISED, Promise, promise_for, promises
from towerdesk.sla.reckon import set_clock
from towerdesk.sla.tell import tell
from towerdesk.sla.wake import waking
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
    followed = _just_opened(events) or _at_hand(events[-1]) or _as_written(events[-1])
    among = promises(followed.stamp) if followed else ()
    if followed and among:
        follow(followed, events, among)


@dataclass(frozen=True, slots=True)
class Followed:
    """A ticket with what its clocks are reckoned from; what is None, or empty, is not read yet."""

    ticket: Ticket
    track: Track | None = None
    clocks: Sequence[Clock] | None = None
    stamp: str = ""  # of what is promised


def _just_opened(events: Sequence[Event]) -> Followed | None:
    """The ticket as it was opened by the first of these events, when nothing but its first message came after that.

    Then it need not be read: every change is an event, so it is still as it was written.
    """
    first, *others = events
    if first.kind != "ticket.opened" or any(event.kind != "message.received" for event in others):
        return None
    return Followed(first.row, tracks.begin(first.row, first), [], first.stamp) if first.row else None


def _at_hand(event: Event) -> Followed | None:
    """Whoever wrote the ticket has it still, so that only its clocks are to be read; none while it has none."""
    ticket: Ticket | None = event.row
    clocks: list[Any] = _with_their_track(number=ticket.pk) if ticket else []
    if ticket is None or not clocks:
        return None
    return Followed(ticket, getattr(clocks[0].ticket, "track", None), clocks, clocks[0].stamp)


def _as_written(event: Event) -> Followed | None:
    found: list[Any] = _with_track(number=event.ticket_id or 0)
    return Followed(found[0], getattr(found[0], "track", None), stamp=found[0].stamp) if found else None


def follow(followed: Followed, events: Sequence[Event], among: Sequence[Promise]) -> None:
    """The ticket is as the last of them left it: what it was for a moment in between has no length."""
    ticket = followed.ticket
    track = followed.track or tracks.begin(ticket, events[0])
    is_new = track._state.adding
    if is_new and ticket.status in DONE:
        return
    moved = any([tracks.go_on(track, ticket, event) for event in events])  # noqa: C419 - each of them counts
    promise = promise_for(ticket, tuple(among))
    changed = track.policy_id != (promise.id if promise else None)
    track.policy_id = promise.id if promise else None
    if is_new or moved or changed or any(event.kind not in IDLE for event in events):
        kept = [inserting(track)] if is_new else [updating(track, *KEPT)] if moved or changed else []
        clocks = _clocks(number=ticket.pk) if followed.clocks is None and not is_new else followed.clocks or []
        reckon(ticket, track, clocks, promise, cause=events[-1], writing=kept)


def reckon(
    ticket: Ticket,
    track: Track,
    clocks: Sequence[Clock],
    promise: Promise | None,
    *,
    cause: Event,
    writing: list[Writing],
) -> None:
    """Set every clock of the (held) ticket by its track, write those that moved, and say what that means: in one statement
    for most events. `clocks` are those it had; `writing` goes along."""
    was = {(clock.kind, clock.started_at): clock for clock in clocks}
    before = {key: _shown(clock) for key, clock in was.items()}
    ways = (
        [] if promise is None or ticket.merged_into_id else courses(track.spells, track.asks, ticket.priority, promise)
    )
    now_on: list[Clock] = []
    for course in ways:
        clock = was.pop((course.kind, course.started), None) or Clock(ticket=ticket, kind=course.kind)
        set_clock(clock, course, promise, cause.at)  # type: ignore[arg-type]
        now_on.append(clock)
    ended = [_end(clock) for clock in was.values() if clock.is_going]
    moved = [clock for clock in now_on if clock.pk is None or _shown(clock) != before[clock.kind, clock.started_at]]
    writing += _clocks_in(moved, ended)
    next_at = min((clock.next_at for clock in moved if clock.next_at), default=None)
    writing += [waking(next_at)] if next_at else []
    writing += _due(ticket, track, now_on)
    tell(ticket, promise, now_on, ended, before, cause=cause, writing=writing)
    write(*writing)


def course_of(clock: Clock, ticket: Ticket, track: Track, promise: Promise) -> Course | None:
    ways = courses(track.spells, track.asks, ticket.priority, promise)
    return next((one for one in ways if (one.kind, one.started) == (clock.kind, clock.started_at)), None)


def _due(ticket: Ticket, track: Track, clocks: Sequence[Clock]) -> list[Writing]:
    """The ticket is due when the first of its running promises is, or earlier when a person said so."""
    if ticket.step_kind not in OURS or not ticket.is_waiting:
        return []
    dues = [clock.due_at for clock in clocks if clock.state == "running" and clock.due_at]
    if not dues:
        return []
    due = min(dues if track.own_due is None else [*dues, track.own_due])
    if due == ticket.due_at:
        return []
    ticket.due_at = due
    return [updating(ticket, "due_at")]


@compiled
def _with_track(*, number: int) -> "QuerySet[Ticket]":
    """As the verb wrote it, with what conditions ask for most, and the `stamp` of what is promised."""
    stamp = RawSQL(PROMISED.sql, [], output_field=TextField())  # noqa: S611 - a constant of ours
    return Ticket.objects.for_strips().select_related("track").filter(pk=number).annotate(stamp=stamp)


@compiled
def _with_their_track(*, number: int) -> "QuerySet[Clock]":
    """Clocks, each with the ticket's track and the `stamp` of what is promised, and of the ticket its number alone."""
    own = [field.name for field in Clock._meta.concrete_fields]
    of_track = [f"ticket__track__{field.name}" for field in Track._meta.concrete_fields]
    stamp = RawSQL(PROMISED.sql, [], output_field=TextField())  # noqa: S611 - a constant of ours
    clocks = Clock.objects.filter(ticket=number).select_related("ticket__track").only(*own, *of_track)
    return clocks.annotate(stamp=stamp).order_by("id")


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


def _clocks_in(moved: Sequence[Clock], ended: Sequence[Clock]) -> list[Writing]:
    return [inserting(clock) if clock._state.adding else updating(clock, *MOVING) for clock in (*moved, *ended)]
