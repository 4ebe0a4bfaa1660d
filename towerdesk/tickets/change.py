"""Change what a ticket is: priority, type, intent, product area, subject, status, fields, its next step."""

from datetime import datetime
from typing import Any

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.rows import Writing
from towerdesk.lib.text import one_line, storable
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Intent, Ticket
from towerdesk.tickets.models.ticket import OURS, PRIORITIES
from towerdesk.tickets.save import saving
from towerdesk.tickets.taxonomy.demand import must_say
from towerdesk.tickets.taxonomy.say_field import field_name
from towerdesk.tickets.taxonomy.settle import GOVERNED, settle

CHOICES = {
    "priority": [value for value, _ in PRIORITIES],
    "status": ["open", "pending", "hold"],
}
FREE = (*sorted(GOVERNED), "subject", "language", "mood", "handler", "score", "score_proven")


def change(ticket: Ticket, *, by: Actor, cause: Event | None = None, held: bool = False, **values: Any) -> None:
    """Set the given columns. `next_step` and `due_at` (aware) belong together. Resolving and closing are verbs of their own.

    `fields` holds only what changes: a key with None takes the value away. Impact and urgency set the priority by the
    matrix, unless a priority is said as well.

    `held`: the caller holds the ticket already, in a transaction that does not outlive what this raises.
    """
    by.must("ticket.change")
    step = _step_of(values)
    _must_be_valid(values)
    with transaction.atomic(savepoint=not held):
        if not held:
            ticket.hold()
        if ticket.status == "closed":
            raise Conflict(f"Ticket {ticket.number} is closed: reopen it first.")
        if "status" in values and ticket.status == "resolved":
            raise Conflict(f"Ticket {ticket.number} is resolved: reopen it first.")
        values = settle(ticket, values)
        if "status" in values:
            must_say(ticket, values["status"], by=by, fields=values.get("fields"))
        changes = {name: [_said(getattr(ticket, name)), _said(value)] for name, value in values.items()}
        changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
        if not changes and step is None:
            return
        written = _written(ticket, values, changes, step)
        changes = _each_field(changes)
        if step:
            changes["next step"] = ["", step.sentence]
        record("ticket.changed", written, by=by, ticket=ticket.pk, cause=cause, what=_what(changes), changes=changes)


def _step_of(values: dict[str, Any]) -> next_step.Step | None:
    sentence, due, kind = values.pop("next_step", None), values.pop("due_at", None), values.pop("step_kind", "answer")
    if sentence is None and due is None:
        return None
    if not sentence or not isinstance(due, datetime) or due.tzinfo is None:
        raise Invalid("A next step needs both: one sentence saying who does what, and a time with its time zone.")
    return next_step.Step(kind, one_line(storable(sentence), 200), due)


def _must_be_valid(values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name in CHOICES and value not in CHOICES[name]:
            raise Invalid(
                f"{name} can be {', '.join(CHOICES[name])}, not {value!r}.", {name: "Choose one of the list."}
            )
        if name not in CHOICES and name not in FREE:
            raise Invalid(f"A ticket has no {name!r} that can be changed.")
    if "subject" in values:
        values["subject"] = one_line(storable(values["subject"]), 500)
        if not values["subject"]:
            raise Invalid(
                "The subject is empty: say in a few words what this is about.", {"subject": "Write a subject."}
            )


def _written(ticket: Ticket, values: dict[str, Any], changes: dict[str, Any], step: next_step.Step | None) -> Writing:
    for name in changes:
        setattr(ticket, name, values[name])
    planned = next_step.plan(ticket, step or _step_after(ticket, changes)) if step or _moves(changes) else []
    return saving(ticket, *changes, also=planned)


def _moves(changes: dict[str, Any]) -> bool:
    return bool({"status", "priority"} & set(changes))


def _step_after(ticket: Ticket, changes: dict[str, Any]) -> next_step.Step:
    if "status" in changes or ticket.step_kind in OURS:
        fresh = next_step.after_status(ticket)
        return fresh if "status" in changes else next_step.Step(ticket.step_kind, ticket.next_step, fresh.due)
    return next_step.Step(ticket.step_kind, ticket.next_step, ticket.due_at)  # type: ignore[arg-type]


def _said(value: Any) -> Any:
    if isinstance(value, Intent):
        return value.slug
    return value if isinstance(value, (str, int, float, bool, dict, list, type(None))) else str(value)


def _each_field(changes: dict[str, Any]) -> dict[str, Any]:
    """Custom fields one by one, as `field.KEY`."""
    if "fields" not in changes:
        return changes
    was, now = changes["fields"]
    keys = sorted(key for key in {*was, *now} if was.get(key) != now.get(key))
    others = {name: pair for name, pair in changes.items() if name != "fields"}
    return others | {f"field.{key}": [was.get(key), now.get(key)] for key in keys}


def _what(changes: dict[str, Any]) -> str:
    return ", ".join(
        field_name(name.removeprefix("field.")) if name.startswith("field.") else name.replace("_", " ")
        for name in changes
    )
