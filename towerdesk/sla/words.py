"""Clocks in sentences: what was promised, what was kept, why a clock stands still."""

from collections.abc import Iterable
from datetime import timedelta

from towerdesk.sla.models import NAMES, Clock
from towerdesk.sla.policies import Promise

A = {"first_response": "a first answer", "next_response": "the next answer", "resolution": "a solution"}


def long_words(span: timedelta) -> str:
    """`45 min`, `3 h 10 min`, `under 1 min`; hours of business are not put together to days."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return "under 1 min"
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours:,} h".replace(",", "\u202f") if hours else "", f"{rest} min" if rest else "") if part
    )


def promise_words(clocks: Iterable[Clock], promise: Promise) -> str:
    """`a first answer within 1 h and a solution within 8 h (Office hours)`."""
    said = [f"{A[clock.kind]} within {long_words(clock.promise)}" for clock in clocks]
    return f"{' and '.join(said)} ({promise.calendar or 'day and night'})"


def kept_words(clock: Clock) -> str:
    """How a clock that stopped did."""
    used = long_words(timedelta(seconds=clock.used_seconds))
    name, promised = NAMES[clock.kind], long_words(clock.promise)
    if clock.state == "met":
        return f"{name} in time: {used} of the promised {promised}"
    return f"{name} too late: {used} instead of the promised {promised}"


def due_words(clock: Clock, minutes: int) -> str:
    """What is said when a step's moment has come."""
    name, span = NAMES[clock.kind], long_words(timedelta(minutes=abs(minutes)))
    if minutes < 0:
        return f"{name} is due in {span}"
    return f"{name} is {span} late" if minutes else f"{name} is late: {long_words(clock.promise)} were promised"
