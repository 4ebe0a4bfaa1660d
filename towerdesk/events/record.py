"""Write one event, and in the same transaction defer the jobs that follow from it."""

from typing import Any

from towerdesk.events.kinds import KINDS
from towerdesk.events.models import Event
from towerdesk.events.queue import defer
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now

FOLLOW = "towerdesk.flow.follow"
"""The one upward thread: the name of the job that leads an event to its followers."""

_followers: dict[str, tuple[str, ...]] = {}


def follow_with(followers: dict[str, tuple[str, ...]]) -> None:
    """Said once, by `flow` at start-up: which followers' jobs each kind of event sets off."""
    _followers.clear()
    _followers.update(followers)


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
    event = Event.objects.create(
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
    for follower in _followers.get(kind, ()):
        defer(FOLLOW, lock=lock_of(event), event=event.pk, follower=follower)
    return event


def lock_of(event: Event) -> str | None:
    """Jobs of one ticket run one after the other; so do arrivals at one inbox, which keeps conversations in order."""
    if event.ticket_id is not None:
        return f"ticket:{event.ticket_id}"
    if event.kind.startswith("raw."):
        return f"inbox:{event.data['inbox']}"
    return None
