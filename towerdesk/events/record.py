"""Write one event, and in the same transaction defer the jobs that follow from it and let its listeners hear of it."""

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from django.db.transaction import mark_for_rollback_on_error
from psycopg.types.json import Jsonb

from towerdesk.events.kinds import KINDS
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.once import Once
from towerdesk.lib.rows import Writing, Written, done, number_of, parts, values_of
from towerdesk.lib.stamps import Stamp
from towerdesk.lib.statements import Statement

FOLLOW = "towerdesk.flow.follow"
"""The one upward thread: the name of the job that leads an event to its followers."""

APPEND = """
INSERT INTO events_event (at, kind, ticket_id, subject_id, actor_kind, actor_id, actor_name, cause_id, data)
VALUES (%s, %s, {ticket}, {subject}, %s, %s, %s, %s, %s) RETURNING id, ticket_id, subject_id
"""
DEFER = """
SELECT procrastinate_defer_jobs_v1(ARRAY(
  SELECT ROW('default', %s, urgency, {lock}, NULL, jsonb_build_object('event', event.id, 'follower', follower),
    NULL)::procrastinate_job_to_defer_v1
  FROM unnest(%s::text[], %s::int[]) AS job (follower, urgency)))
FROM event
"""

_followers: dict[str, tuple[str, ...]] = {}
_for_outside: set[str] = set()
_only_if: dict[str, Callable[[Event], bool]] = {}
_first_if: dict[str, Callable[[Event], bool]] = {}
type Listener = Callable[[Sequence[Event]], None]
"""Is told of one ticket's events in the order in which they were recorded, inside their transaction."""

_listeners: dict[str, tuple[Listener, ...]] = {}
_they_go_by: Stamp | None = None
_heard = threading.local()
_beginning = Once()


def begin_when_needed(begin: Callable[[], None]) -> None:
    """Said at start-up: `begin` says who follows and who listens. It is called with the first event, or by `begun`.

    It imports nearly all of the desk: half a second of work, for commands that record nothing.
    """
    _beginning.later(begin)


def begun() -> None:
    """Now: for processes that live long, and for whoever asks what only an import makes known, such as jobs."""
    _beginning.now()


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
    begun()
    _followers.clear()
    _followers.update(followers)
    _for_outside.clear()
    _for_outside.update(for_outside)
    _only_if.clear()
    _only_if.update(only_if or {})
    _first_if.clear()
    _first_if.update(first_if or {})


def listen_with(listeners: Mapping[str, tuple[Listener, ...]], *, by: Stamp | None = None) -> None:
    """Said once, by `flow` at start-up: what must be right in the very transaction of an event (see decision 0010).

    `by` is the stamp of what they go by: an event that brings its ticket's new row tells it along.
    """
    global _they_go_by
    begun()
    _listeners.clear()
    _listeners.update(listeners)
    _they_go_by = by


@contextlib.contextmanager
def together(ticket: Any = None) -> Iterator[None]:
    """What is recorded inside is one happening: listeners hear of it once, at the end, with the ticket as it is then.

    `ticket`: all that is written of it inside is written by way of this very object, so that listeners need not read it.

    Goes around the inside of a transaction that records several events of one ticket. The outermost one counts; of an
    inner one that fails nothing is heard, since whoever goes on after that has undone it.
    """
    if getattr(_heard, "events", None) is not None:
        yield from _within()
        return
    _heard.events = []
    try:
        yield
        _let_hear(ticket)
    finally:
        _heard.events = None


def _within() -> Iterator[None]:
    before = len(_heard.events)
    try:
        yield
    except BaseException:
        del _heard.events[before:]
        raise


def record(
    kind: str,
    /,
    *writing: Writing,
    by: Actor,
    ticket: int | Writing | None = None,
    subject: int | Writing | None = None,
    cause: Event | None = None,
    **data: Any,
) -> Event:
    """Append an event. `ticket` and `subject` are ids, or the rows themselves while they are still to be written: these
    rows, and those in `writing`, are written by the same statement as the event. Raises `KeyError` for an unknown kind or
    data that does not fit it.
    """
    if set(data) != KINDS[kind].fields:
        raise KeyError(f"{kind} carries {sorted(KINDS[kind].fields)}, not {sorted(data)}")
    event = Event(
        at=now(),
        kind=kind,
        ticket_id=None if isinstance(ticket, Writing) else ticket,
        subject_id=None if isinstance(subject, Writing) else subject,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=by.name[:200],
        cause_id=cause.pk if cause else None,
        data=data,
    )
    event.row = ticket.row if isinstance(ticket, Writing) else None
    begun()
    _append(event, _who_follow(event), ticket, subject, writing)
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


def _let_hear(ticket: Any) -> None:
    """Ticket by ticket; what listeners record themselves is heard at once."""
    events, _heard.events = _heard.events, None
    by_listener: dict[tuple[Listener, int | None], list[Event]] = {}
    for event in events:
        for hear in _listeners[event.kind]:
            by_listener.setdefault((hear, event.ticket_id), []).append(event)
    for (hear, number), some in by_listener.items():
        if ticket is not None and ticket.pk == number:
            some[-1].row = ticket
        hear(some)


def _who_follow(event: Event) -> tuple[str, ...]:
    return tuple(one for one in _followers.get(event.kind, ()) if _follows(one, event))


def _follows(follower: str, event: Event) -> bool:
    if follower in _for_outside and not event.is_from_outside:
        return False
    return follower not in _only_if or _only_if[follower](event)


def _goes_first(follower: str, event: Event) -> bool:
    return follower in _first_if and _first_if[follower](event)


def _append(
    event: Event,
    followers: tuple[str, ...],
    ticket: int | Writing | None,
    subject: int | Writing | None,
    writing: Sequence[Writing],
) -> None:
    """One statement for the event, its jobs and the rows that it tells of: every change pays for this."""
    rows = [one for one in (ticket, subject) if isinstance(one, Writing)]
    rows += [one for one in writing if one not in rows]
    ticket_at, subject_at = (rows.index(one) if isinstance(one, Writing) else None for one in (ticket, subject))
    stamp = _they_go_by if event.row is not None and event.kind in _listeners else None
    statement = _statement(tuple(one.written for one in rows), ticket_at, subject_at, bool(followers), stamp)
    values = values_of(rows) + _values(event, ticket_at, subject_at)
    values += _jobs(event, followers, ticket_at) if followers else []
    with mark_for_rollback_on_error("default"):
        [(event.pk, event.ticket_id, event.subject_id, event.stamp, *numbers)] = statement.ask(values)
        done(rows, numbers)
    event._state.adding = False


@cache
def _statement(
    written: tuple[Written, ...],
    ticket_at: int | None,
    subject_at: int | None,
    follows: bool,
    stamp: Stamp | None,
) -> Statement:
    """`ticket_at` and `subject_at`: which of the rows it is, if it is one of them."""
    steps, numbers = parts(written)
    lock = "%s" if ticket_at is None else "'ticket:' || event.ticket_id"
    append = APPEND.format(
        ticket="%s" if ticket_at is None else number_of(ticket_at),
        subject="%s" if subject_at is None else number_of(subject_at),
    )
    if not (written or follows):
        return Statement(f"{append}, ''")
    whole = [steps, f"event AS ({append})", f"jobs AS ({DEFER.format(lock=lock)})" if follows else ""]
    asked = f"({stamp.sql})" if stamp else "''"
    told = ", ".join(filter(None, ["event.id, event.ticket_id, event.subject_id", asked, numbers]))
    of = "event, jobs" if follows else "event"
    return Statement(f"WITH {', '.join(filter(None, whole))} SELECT {told} FROM {of}")  # noqa: S608


def _values(event: Event, ticket_at: int | None, subject_at: int | None) -> list[Any]:
    ids = [event.ticket_id] if ticket_at is None else []
    ids += [event.subject_id] if subject_at is None else []
    actor = [event.actor_kind, event.actor_id, event.actor_name]
    return [event.at, event.kind, *ids, *actor, event.cause_id, Jsonb(event.data)]


def _jobs(event: Event, followers: tuple[str, ...], ticket_at: int | None) -> list[Any]:
    lock = [lock_of(event)] if ticket_at is None else []
    return [FOLLOW, *lock, list(followers), [int(_goes_first(one, event)) for one in followers]]


def lock_of(event: Event) -> str | None:
    """Jobs of one ticket run one after the other; so do arrivals at one inbox, which keeps conversations in order."""
    if event.ticket_id is not None:
        return f"ticket:{event.ticket_id}"
    if event.kind.startswith("raw."):
        return f"inbox:{event.data['inbox']}"
    return None
