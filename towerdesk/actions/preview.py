"""What an action would do, as sentences for a person, without doing it."""

from collections.abc import Callable
from typing import Any

from towerdesk.actions.vocabulary import (
    Action,
    AskAssistant,
    Assign,
    Change,
    Close,
    Merge,
    Note,
    Reopen,
    Reply,
    Resolve,
    TagIt,
    Watch,
)
from towerdesk.lib.actor import Actor
from towerdesk.lib.text import one_line
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.taxonomy.say_field import field_name, say_field

THEN = {
    "wait": "and waits for the answer",
    "resolve": "and resolves the ticket",
    "keep": "and leaves the rest as it is",
}


def preview(action: Action, ticket: Ticket, by: Actor) -> list[str]:
    """One sentence for each thing that would change; the first one says it when the actor may not."""
    if not by.can(action.permission):
        return [f"{by.name} may not do this ({action.permission})."]
    return SAY[type(action)](action, ticket)


def _reply(action: Reply, ticket: Ticket) -> list[str]:
    return [f"Writes to {ticket.requester}: “{one_line(action.text, 80)}” {THEN[action.then]}."]


def _note(action: Note, ticket: Ticket) -> list[str]:
    return [f"Notes for us: “{one_line(action.text, 80)}”."]


def _assign(action: Assign, ticket: Ticket) -> list[str]:
    to = action.user or action.team
    return [f"Gives ticket {ticket.number} from {ticket.owner_name} to {to}."]


def _change(action: Change, ticket: Ticket) -> list[str]:
    return [
        f"Sets the {name.replace('_', ' ')} from “{_has(ticket, name)}” to “{value}”."
        for name, value in sorted(action.values().items())
        if name != "fields" and _has(ticket, name) != str(value)
    ] + [
        f"Sets “{field_name(key)}” from “{say_field(key, ticket.fields.get(key))}” to “{say_field(key, value)}”."
        for key, value in sorted((action.fields or {}).items())
        if ticket.fields.get(key) != value
    ]


def _tag(action: TagIt, ticket: Ticket) -> list[str]:
    adds = [f"Adds the tag {word}." for word in action.add if word not in ticket.tags]
    return adds + [f"Takes off the tag {word}." for word in action.remove if word in ticket.tags]


def _resolve(action: Resolve, ticket: Ticket) -> list[str]:
    return [] if ticket.status == "resolved" else [f"Resolves ticket {ticket.number} as {action.kind}."]


def _reopen(action: Reopen, ticket: Ticket) -> list[str]:
    return [] if ticket.is_waiting else [f"Reopens ticket {ticket.number}: {action.why}."]


def _close(action: Close, ticket: Ticket) -> list[str]:
    return [] if ticket.status == "closed" else [f"Closes ticket {ticket.number}."]


def _merge(action: Merge, ticket: Ticket) -> list[str]:
    return [f"Moves the conversation of ticket {ticket.number} to {action.into} and closes {ticket.number} for good."]


def _watch(action: Watch, ticket: Ticket) -> list[str]:
    who = action.user or "Whoever does this"
    return [f"{who} {'watches' if action.on else 'no longer watches'} ticket {ticket.number}."]


def _ask(action: AskAssistant, ticket: Ticket) -> list[str]:
    return ["Asks the assistant for a suggestion on the newest message."]


SAY: dict[type[Action], Callable[[Any, Ticket], list[str]]] = {
    Reply: _reply,
    Note: _note,
    Assign: _assign,
    Change: _change,
    TagIt: _tag,
    Resolve: _resolve,
    Reopen: _reopen,
    Close: _close,
    Merge: _merge,
    Watch: _watch,
    AskAssistant: _ask,
}


def _has(ticket: Ticket, name: str) -> str:
    value = getattr(ticket, name)
    return "" if value is None else str(getattr(value, "slug", value))
