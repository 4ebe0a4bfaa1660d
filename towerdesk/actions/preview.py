"""What an action would do, as sentences for a person, without doing it."""

from datetime import UTC
from functools import singledispatch

from towerdesk.actions.vocabulary import (
    Action,
    AskApproval,
    AskAssistant,
    Assign,
    Change,
    Checklist,
    Close,
    Escalate,
    HandOff,
    LinkTo,
    Merge,
    Note,
    Reopen,
    Reply,
    Resolve,
    Snooze,
    Split,
    TagIt,
    Tell,
    Unmerge,
    Wake,
    Watch,
    word,
)
from towerdesk.lib.actor import Actor
from towerdesk.lib.text import one_line
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.link import LINKS
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
    return say(action, ticket)


@singledispatch
def say(action: Action, ticket: Ticket) -> list[str]:
    """Each action's own sentences, chosen by its class."""
    raise NotImplementedError(f"Nobody has written what {word(type(action))} would do.")


@say.register
def _reply(action: Reply, ticket: Ticket) -> list[str]:
    return [f"Writes to {ticket.requester}: “{one_line(action.text, 80)}” {THEN[action.then]}."]


@say.register
def _note(action: Note, ticket: Ticket) -> list[str]:
    return [f"Notes for us: “{one_line(action.text, 80)}”."]


@say.register
def _assign(action: Assign, ticket: Ticket) -> list[str]:
    to = action.user or action.team
    return [f"Gives ticket {ticket.number} from {ticket.owner_name} to {to}."]


@say.register
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


@say.register
def _tag(action: TagIt, ticket: Ticket) -> list[str]:
    adds = [f"Adds the tag {word}." for word in action.add if word not in ticket.tags]
    return adds + [f"Takes off the tag {word}." for word in action.remove if word in ticket.tags]


@say.register
def _resolve(action: Resolve, ticket: Ticket) -> list[str]:
    return [] if ticket.status == "resolved" else [f"Resolves ticket {ticket.number} as {action.kind}."]


@say.register
def _reopen(action: Reopen, ticket: Ticket) -> list[str]:
    return [] if ticket.is_waiting else [f"Reopens ticket {ticket.number}: {action.why}."]


@say.register
def _close(action: Close, ticket: Ticket) -> list[str]:
    return [] if ticket.status == "closed" else [f"Closes ticket {ticket.number}."]


@say.register
def _merge(action: Merge, ticket: Ticket) -> list[str]:
    return [f"Moves the conversation of ticket {ticket.number} to {action.into} and closes {ticket.number}."]


@say.register
def _unmerge(action: Unmerge, ticket: Ticket) -> list[str]:
    into = ticket.merged_into_id
    return [f"Takes ticket {ticket.number} out of {into} again, with its messages."] if into else []


@say.register
def _split(action: Split, ticket: Ticket) -> list[str]:
    count = f"{len(action.messages)} message{'s' if len(action.messages) > 1 else ''}"
    return [f"Makes a new ticket of {ticket.requester} out of {count} of ticket {ticket.number}."]


@say.register
def _link(action: LinkTo, ticket: Ticket) -> list[str]:
    return [f"Says that ticket {ticket.number} is {LINKS[action.kind][0]} {action.to}."]


@say.register
def _snooze(action: Snooze, ticket: Ticket) -> list[str]:
    when = (
        f"{action.moment().astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        if action.hours is None
        else f"in {action.hours:g} hours"
    )
    return [f"Puts ticket {ticket.number} out of sight; it comes back {when}, or when {ticket.requester} writes."]


@say.register
def _wake(action: Wake, ticket: Ticket) -> list[str]:
    return [f"Brings ticket {ticket.number} back from its snooze."] if ticket.step_kind == "snooze" else []


@say.register
def _checklist(action: Checklist, ticket: Ticket) -> list[str]:
    return [f"Puts “{text}” on the checklist of ticket {ticket.number}." for text in action.add]


@say.register
def _ask_approval(action: AskApproval, ticket: Ticket) -> list[str]:
    who = f" and {'any' if action.need == 'any' else 'all'} of them must agree" if len(action.approvers) > 1 else ""
    asked = ", ".join(action.approvers)
    return [f"Asks {asked} by mail to decide within {action.hours:g} hours{who}: “{one_line(action.question, 80)}”."]


@say.register
def _hand_off(action: HandOff, ticket: Ticket) -> list[str]:
    said = f"“{one_line(action.note, 80)}”"
    return [f"Hands ticket {ticket.number} from {ticket.owner_name} to {action.team}, to be accepted there: {said}."]


@say.register
def _escalate(action: Escalate, ticket: Ticket) -> list[str]:
    to = action.user or action.team or f"a lead of {ticket.team}"
    return [f"Passes ticket {ticket.number} up from {ticket.owner_name} to {to}: “{one_line(action.note, 80)}”."]


@say.register
def _watch(action: Watch, ticket: Ticket) -> list[str]:
    who = action.user or "Whoever does this"
    return [f"{who} {'watches' if action.on else 'no longer watches'} ticket {ticket.number}."]


@say.register
def _tell(action: Tell, ticket: Ticket) -> list[str]:
    return [f"Tells {action.user or action.team}{' at once' if action.urgent else ''}: “{one_line(action.text, 80)}”."]


@say.register
def _ask(action: AskAssistant, ticket: Ticket) -> list[str]:
    return ["Asks the assistant for a suggestion on the newest message."]


def _has(ticket: Ticket, name: str) -> str:
    value = getattr(ticket, name)
    return "" if value is None else str(getattr(value, "slug", value))
