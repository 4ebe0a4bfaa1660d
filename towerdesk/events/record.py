"""Write one event, and in the same transaction defer the jobs that follow from it and let its listeners hear of it."""

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from towerdesk.events.kinds import KINDS
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.statement import ask

FOLLOW = "towerdesk.flow.follow"
"""The one upward thread: the name of the job that leads an event to its followers."""

COLUMNS = ("at", "kind", "ticket_id", "subject_id", "actor_kind", "actor_id", "actor_name", "cause_id", "data")
APPEND = """
INSERT INTO events_event (at, kind, ticket_id, subject_id, actor_kind, actor_id, actor_name, cause_id, data)
VALUES (%(at)s, %(kind)s, %(ticket_id)s, %(subject_id)s, %(actor_kind)s, %(actor_id)s, %(actor_name)s, %(cause_id)s,
  %(data)s)
RETURNING id
"""
DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY(
  SELECT ROW('default', %(task)s, urgency, %(lock)s, NULL, jsonb_build_object('event', event.id, 'follower', follower),
    NULL)::procrastinate_job_to_defer_v1
  FROM unnest(%(followers)s::text[], %(urgencies)s::int[]) AS job (follower, urgency)))
FROM event
"""
APPEND_AND_DEFER = f"WITH event AS ({APPEND}), jobs AS ({DEFER}) SELECT event.id FROM event, jobs"  # noqa: S608

_followers: dict[str, tuple[str, ...]] = {}
_for_outside: set[str] = set()
_only_if: dict[str, Callable[[Event], bool]] = {}
_first_if: dict[str, Callable[[Event], bool]] = {}
type Listener = Callable[[Sequence[Event]], None]
"""Is told of one ticket's events in the order in which they were recorded, inside their transaction."""

_listeners: dict[str, tuple[Listener, ...]] = {}
_heard = threading.local()


def follow_with(
    followers: dict[str, tuple[str, ...]],
    *,
    for_outside: Iterable[str] = (),
    only_if: Mapping[str, Callable[[Event], bool]] | None = None,
    first_if: Mapping[str, Callable[[Event], bool]] | None = None,
) -> None:
    """Said once, by `flow` at start-up: which followers' jobs each kind of event sets off.

    Those named in `for_outside` answer only events from outside, and one in `only_if` only those of which its test
    holds; for others no job is made. One in `first_if` goes before all other jobs when its test holds.
    """
    _followers.clear()
    _followers.update(followers)
    _for_outside.clear()
    _for_outside.update(for_outside)
    _only_if.clear()
    _only_if.update(only_if or {})
    _first_if.clear()
    _first_if.update(first_if or {})


def listen_with(listeners: Mapping[str, tuple[Listener, ...]]) -> None:
    """Said once, by `flow` at start-up: what must be right in the very transaction of an event (see decision 0010)."""
    _listeners.clear()
    _listeners.update(listeners)


@contextlib.contextmanager
def together() -> Iterator[None]:
    """What is recorded inside is one happening: listeners hear of it once, at the end, with the ticket as it is then.

    Goes around the inside of a transaction that records several events of one ticket. The outermost one counts.
    """
    if getattr(_heard, "events", None) is not None:
        yield
        return
    _heard.events = []
    try:
        yield
        _let_hear()
    finally:
        _heard.events = None


def record(
    kind: str,
    /,
    *,
    by: Actor,
    ticket: int | None = None,
    subject: int | None = None,
    cause: Event | None = None,
    **data: Any,
) -> Event:
    """Append an event. `ticket` and `subject` are ids. Raises `KeyError` for an unknown kind or data that does not fit it."""
    if set(data) != KINDS[kind].fields:
        raise KeyError(f"{kind} carries {sorted(KINDS[kind].fields)}, not {sorted(data)}")
    event = Event(
        at=now(),
        kind=kind,
        ticket_id=ticket,
        subject_id=subject,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=by.name[:200],
        cause_id=cause.pk if cause else None,
        data=data,
    )
    _append(event, _who_follow(event))
    _tell_listeners(event)
    return event


def _tell_listeners(event: Event) -> None:
    if event.kind not in _listeners:
        return
    if getattr(_heard, "events", None) is not None:
        _heard.events.append(event)
        return
    for hear in _listeners[event.kind]:
        hear([event])


def _let_hear() -> None:
    """Ticket by ticket; what listeners record themselves is heard at once."""
    events, _heard.events = _heard.events, None
    by_listener: dict[tuple[Listener, int | None], list[Event]] = {}
    for event in events:
        for hear in _listeners[event.kind]:
            by_listener.setdefault((hear, event.ticket_id), []).append(event)
    for (hear, _), some in by_listener.items():
        hear(some)


def _who_follow(event: Event) -> tuple[str, ...]:
    return tuple(one for one in _followers.get(event.kind, ()) if _follows(one, event))


def _follows(follower: str, event: Event) -> bool:
    if follower in _for_outside and not event.is_from_outside:
        return False
    return follower not in _only_if or _only_if[follower](event)


def _goes_first(follower: str, event: Event) -> bool:
    return follower in _first_if and _first_if[follower](event)


def _append(event: Event, followers: tuple[str, ...]) -> None:
    """One statement for the event and its jobs: every change pays for this."""
    values = {
        **{name: getattr(event, name) for name in COLUMNS if name != "data"},
        "data": Jsonb(event.data),
        "task": FOLLOW,
        "lock": lock_of(event),
        "followers": list(followers),
        "urgencies": [int(_goes_first(one, event)) for one in followers],
    }
    [[event.pk]] = ask(APPEND_AND_DEFER if followers else APPEND, values)
    event._state.adding = False


def lock_of(event: Event) -> str | None:
    """Jobs of one ticket run one after the other; so do arrivals at one inbox, which keeps conversations in order."""
    if event.ticket_id is not None:
        return f"ticket:{event.ticket_id}"
    if event.kind.startswith("raw."):
        return f"inbox:{event.data['inbox']}"
    return None
