"""Remember what a ticket was, and put it back: only what still is as it was left, so that nobody's later work is lost."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from towerdesk.accounts.models import Team, User
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Intent, Ticket
from towerdesk.tickets.save import save

STEP = ("step_kind", "next_step", "due_at")
COLUMNS = (
    "status", "priority", "type", "intent_id", "product_area", "subject", "team_id", "assignee_id", "handler", "tags",
    "resolution", "resolution_note", "resolved_by", "resolved_at", "known_by", *STEP,
)  # fmt: skip
ENDS = {"resolved": "close", "closed": "none"}
"""The one step that goes with each status in which nothing is waited for."""
MOMENTS = ("resolved_at", "due_at")
NAMED: dict[str, Any] = {"intent_id": Intent, "team_id": Team, "assignee_id": User}

type Changes = Mapping[str, list[Any]]
"""Column → [before, after], as JSON holds it."""


def snapshot(ticket: Ticket) -> dict[str, Any]:
    """What undo can bring back, as JSON: moments are ISO 8601, foreign keys are ids."""
    return {name: _plain(getattr(ticket, name)) for name in COLUMNS}


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def restore(ticket: Ticket, changes: Changes, what: str, *, by: Actor, cause: Event | None = None) -> bool:
    """Undo `changes`; `what` names them in the timeline. False when nothing was left as it was."""
    by.must("ticket.change")
    with transaction.atomic():
        ticket.hold()
        put = put_back(ticket, changes)
        if not put:
            return False
        save(ticket, *put)
        record("ticket.restored", by=by, ticket=ticket.pk, cause=cause, what=what, changes=said(put, changes, ticket))
    return True


def put_back(ticket: Ticket, changes: Changes) -> list[str]:
    """Write the earlier values onto the (held, not yet saved) ticket; the names of the columns to save.

    The next step goes back as a whole or not at all.
    """
    now = snapshot(ticket)
    wanted = {name: pair for name, pair in changes.items() if name == "tags" or now[name] == pair[1]}
    if any(name in changes and name not in wanted for name in STEP):
        wanted = {name: pair for name, pair in wanted.items() if name not in STEP}
    for name, (was, left) in wanted.items():
        value: Any = sorted({*ticket.tags} - ({*left} - {*was}) | ({*was} - {*left})) if name == "tags" else was
        setattr(ticket, name, parse_datetime(value) if name in MOMENTS and value else value)
    return [*wanted, *_lawful(ticket, wanted)]


def _lawful(ticket: Ticket, wanted: Changes) -> list[str]:
    """A ticket that is open again has a next step that can still happen; one that is over again has none to wait for.

    So what somebody planned meanwhile (a snooze, an answer) ends when the status that it was planned for is taken back.
    """
    fits = ticket.step_kind == ENDS[ticket.status] if ticket.status in ENDS else ticket.step_kind not in ENDS.values()
    overtaken = ticket.step_kind == "assistant" and "step_kind" in wanted
    return [] if fits and not overtaken else next_step.plan(ticket, next_step.after_status(ticket))


def said(names: list[str], changes: Changes, ticket: Ticket) -> dict[str, list[Any]]:
    """As an event tells it, with names for ids: [what stood there, what stands there again]."""
    told = (name for name in dict.fromkeys(names) if name not in STEP)
    return {
        name.removesuffix("_id"): [_name(name, changes[name][1]), _name(name, _plain(getattr(ticket, name)))]
        for name in told
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else list(value) if isinstance(value, list) else value


def _name(column: str, value: Any) -> Any:
    if column not in NAMED or value is None:
        return value
    found = NAMED[column].objects.filter(pk=value).first()
    return getattr(found, "slug", str(found)) if column == "intent_id" else str(found or "")
