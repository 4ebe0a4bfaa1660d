"""Macros: a named list of actions that an agent applies at once, with the ticket's own words filled in."""

import json
import re
from collections.abc import Callable
from typing import Any

from towerdesk.accounts.models import User
from towerdesk.actions.perform import perform_all
from towerdesk.actions.preview import preview
from towerdesk.actions.vocabulary import Action, read_actions
from towerdesk.automation.models import Macro
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.models import Ticket

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")

PLACEHOLDERS: dict[str, Callable[[Ticket, Actor], str]] = {
    "requester.first_name": lambda ticket, _: ticket.requester.first_name,
    "requester.name": lambda ticket, _: str(ticket.requester),
    "ticket.number": lambda ticket, _: str(ticket.number),
    "ticket.subject": lambda ticket, _: ticket.subject,
    "me.first_name": lambda _, me: me.name.split(" ")[0],
    "me.name": lambda _, me: me.name,
    "me.signature": lambda _, me: _signature(me),
}


def apply(macro: Macro, ticket: Ticket, *, by: Actor) -> None:
    """Do all of its actions or none. A placeholder that does not exist is `Invalid` before anything is done."""
    perform_all(actions_of(macro, ticket, by), ticket, by=by)


def preview_macro(macro: Macro, ticket: Ticket, by: Actor) -> list[str]:
    return [sentence for action in actions_of(macro, ticket, by) for sentence in preview(action, ticket, by)]


def actions_of(macro: Macro, ticket: Ticket, by: Actor) -> list[Action]:
    """The actions with their placeholders filled in. What a customer wrote is put in as it is, never read again."""
    if not macro.active:
        raise Invalid(f"The macro “{macro}” is switched off: choose another one.")
    return read_filled(macro.actions, ticket, by)


def read_filled(said: Any, ticket: Ticket, by: Actor) -> list[Action]:
    """Any actions, with the placeholders of macros filled in for this ticket."""
    return read_actions(_filled(said, ticket, by))


def must_know_placeholders(said: Any) -> None:
    """Raise `Invalid` for a placeholder that does not exist, before anybody uses it."""
    for name in PLACEHOLDER.findall(json.dumps(said)):
        if name not in PLACEHOLDERS:
            raise _unknown(name)


def _filled(said: Any, ticket: Ticket, by: Actor) -> Any:
    if isinstance(said, str):
        return PLACEHOLDER.sub(lambda found: _value(found[1], ticket, by), said)
    if isinstance(said, list):
        return [_filled(one, ticket, by) for one in said]
    if isinstance(said, dict):
        return {name: _filled(one, ticket, by) for name, one in said.items()}
    return said


def _value(name: str, ticket: Ticket, by: Actor) -> str:
    if name not in PLACEHOLDERS:
        raise _unknown(name)
    return PLACEHOLDERS[name](ticket, by)


def _unknown(name: str) -> Invalid:
    known = ", ".join(f"{{{{{one}}}}}" for one in PLACEHOLDERS)
    return Invalid(f"There is no placeholder {{{{{name}}}}}: use one of {known}.")


def _signature(me: Actor) -> str:
    user = User.objects.filter(pk=me.user_id).first() if me.user_id else None
    return user.signature if user else ""
