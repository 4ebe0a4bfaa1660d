"""Say in the log what became of a ticket's clocks: started, reckoned anew, paused, run on, kept, missed, ended."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.rows import Writing
from towerdesk.sla.models import Clock
from towerdesk.sla.policies import Promise
from towerdesk.sla.words import due_words, kept_words, long_words, promise_words
from towerdesk.tickets.models import Ticket

POLICY, MINUTES, STATE, DONE = 0, 1, 4, 8  # places in what a clock showed before
UNKNOWN = (None, None, "", None, "", None, None, None, ())

type Before = Mapping[tuple[str, Any], tuple[Any, ...]]


def acting(promise: Promise) -> Actor:
    """A policy speaks and acts in its own name; what it does sets nothing off."""
    return Actor("rule", promise.id, promise.name)


def tell(
    ticket: Ticket,
    promise: Promise | None,
    clocks: Sequence[Clock],
    ended: Sequence[Clock],
    before: Before,
    *,
    cause: Event | None,
    writing: list[Writing],
) -> None:
    """`writing` is written with the first of the events, and empty then."""
    if ended:
        by = Actor("rule", ended[0].policy_id, str(ended[0].policy))
        why = f"merged into {ticket.merged_into_id}" if ticket.merged_into_id else "nothing is promised here any more"
        kinds = [clock.kind for clock in ended]
        record("sla.ended", *_taken(writing), by=by, ticket=ticket.pk, cause=cause, why=why, kinds=kinds)
    if promise is None:
        return
    said = _Said(ticket, promise, cause, writing)
    said.started([clock for clock in clocks if _was(clock, before) is None])
    known = [(clock, was) for clock in clocks if (was := _was(clock, before)) is not None]
    said.changed([clock for clock, was in known if was[POLICY] != clock.policy_id or was[MINUTES] != clock.minutes])
    said.paused([clock for clock, was in known if was[STATE] == "running" and clock.state == "paused"])
    said.resumed(
        [clock for clock, was in known if was[STATE] in ("paused", "met", "missed") and clock.state == "running"]
    )
    said.stopped([clock for clock, was in _all(clocks, before) if clock.state != was[STATE]], before)


def _was(clock: Clock, before: Before) -> tuple[Any, ...] | None:
    return before.get((clock.kind, clock.started_at))


def _all(clocks: Sequence[Clock], before: Before) -> list[tuple[Clock, tuple[Any, ...]]]:
    return [(clock, _was(clock, before) or UNKNOWN) for clock in clocks]


class _Said:
    def __init__(self, ticket: Ticket, promise: Promise, cause: Event | None, writing: list[Writing]) -> None:
        self.ticket, self.promise, self.cause, self.by = ticket, promise, cause, acting(promise)
        self.writing = writing

    def record(self, kind: str, /, **data: Any) -> None:
        writing = _taken(self.writing)
        record(kind, *writing, by=self.by, ticket=self.ticket.pk, cause=self.cause, **data)

    def started(self, clocks: list[Clock]) -> None:
        if clocks:
            words = promise_words(clocks, self.promise)
            self.record("sla.started", policy=self.promise.name, clocks=_data(clocks), words=words)

    def changed(self, clocks: list[Clock]) -> None:
        if clocks:
            words = promise_words(clocks, self.promise)
            self.record("sla.changed", policy=self.promise.name, clocks=_data(clocks), words=words)

    def paused(self, clocks: list[Clock]) -> None:
        if clocks:
            self.record("sla.paused", why=clocks[0].pauses[-1][2], kinds=[clock.kind for clock in clocks])

    def resumed(self, clocks: list[Clock]) -> None:
        if clocks:
            left = min(clock.promise - timedelta(seconds=clock.used_seconds) for clock in clocks)
            words = f"{long_words(left)} left" if left > timedelta(0) else f"{long_words(-left)} late"
            self.record("sla.resumed", words=words, clocks=_data(clocks))

    def stopped(self, clocks: list[Clock], before: Before) -> None:
        for clock in clocks:
            if clock.state not in ("met", "missed"):
                continue
            if clock.state == "missed" and 0 not in (_was(clock, before) or UNKNOWN)[DONE]:
                self.breached(clock)  # nobody had looked since it was due
            kind = "sla.met" if clock.state == "met" else "sla.missed"
            self.record(kind, words=kept_words(clock), **_data([clock])[0])

    def breached(self, clock: Clock) -> None:
        self.record("sla.breached", words=due_words(clock, 0), **_data([clock])[0])


def step_taken(ticket: Ticket, promise: Promise, clock: Clock, minutes: int, actions: list[Any]) -> None:
    """A warning before, the breach itself, a step after; and when actions are to follow, that they are asked for."""
    kind = "sla.warned" if minutes < 0 else "sla.escalated" if minutes else "sla.breached"
    by = acting(promise)
    event = record(kind, by=by, ticket=ticket.pk, words=due_words(clock, minutes), **_data([clock])[0])
    if actions:
        record("sla.asked", by=by, ticket=ticket.pk, cause=event, actions=actions)


def _taken(writing: list[Writing]) -> list[Writing]:
    taken = writing[:]
    writing.clear()
    return taken


def _data(clocks: Sequence[Clock]) -> list[dict[str, Any]]:
    return [
        {
            "kind": clock.kind,
            "minutes": clock.minutes,
            "used": clock.used_seconds,
            "due": clock.due_at.isoformat() if clock.due_at else None,
        }
        for clock in clocks
    ]
