"""Set a clock by its course: due time, state, verdict, and when something happens to it next."""

from datetime import datetime

from towerdesk.sla.courses import Course
from towerdesk.sla.models import Clock
from towerdesk.sla.policies import Promise

BREACH = 0


def set_clock(clock: Clock, course: Course, promise: Promise, at: datetime) -> None:
    """Everything that follows from the course as it stands at this moment. What was done already is not done again."""
    clock.policy_id, clock.minutes = promise.id, course.minutes
    clock.started_at, clock.stopped_at = course.started, course.stopped
    clock.due_at = course.due(promise)
    clock.pauses = [[begin.isoformat(), end.isoformat() if end else None, why] for begin, end, why in course.pauses]
    clock.used_seconds = round(course.used(promise, at).total_seconds())
    late = _is_late(course.stopped, clock.due_at, at)
    clock.breached_at = clock.due_at if late else None
    clock.done = _done(clock, late and course.stopped is not None, late)
    clock.state = _state(course, late)
    clock.next_at = next_moment(clock, course, promise)


def next_moment(clock: Clock, course: Course, promise: Promise) -> datetime | None:
    """Of the warning, the breach or the step that comes first. A clock that stands still or stopped has none."""
    if course.stopped is not None:
        return None
    moments = (course.due(promise, minutes) for minutes in to_come(clock, course, promise))
    return min((moment for moment in moments if moment is not None), default=None)


def to_come(clock: Clock, course: Course, promise: Promise) -> list[int]:
    """Minutes before (negative) or after the due time at which something is still to be done, in order."""
    known = {minutes for minutes, _ in promise.steps_of(course.kind) if minutes > -course.minutes} | {BREACH}
    return sorted(known - set(clock.done))


def _is_late(stopped: datetime | None, due: datetime | None, at: datetime) -> bool:
    """What is done in the very moment in which it is due is in time."""
    if due is None:
        return False
    return at >= due if stopped is None else stopped > due


def _done(clock: Clock, stopped_late: bool, late: bool) -> list[int]:
    """A breach that was made good before anybody noticed is told at once; more time makes it undone."""
    if stopped_late and BREACH not in clock.done:
        return [*clock.done, BREACH]
    return clock.done if late else [minutes for minutes in clock.done if minutes < BREACH]


def _state(course: Course, late: bool) -> str:
    if course.stopped is not None:
        return "missed" if late else "met"
    return "paused" if course.is_paused else "running"
