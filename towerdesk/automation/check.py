"""Refuse what could not work, before it is saved, with a sentence that says what to change."""

from collections.abc import Iterable
from typing import Any

from towerdesk.accounts.models import User
from towerdesk.accounts.roles import RULE
from towerdesk.actions.perform import must_exist
from towerdesk.actions.vocabulary import Action, read_actions, word
from towerdesk.lib.actor import EVERYTHING, Actor
from towerdesk.lib.errors import Invalid, Trouble
from towerdesk.lib.text import one_line
from towerdesk.tickets.filters import Condition, parse


def a_name(text: str, what: str) -> str:
    name = one_line(text, 120)
    if not name:
        raise Invalid(f"The {what} has no name: say in a few words what it is for.", {"name": "Write a name."})
    return name


def an_owner(owner: User | None, what: str) -> User:
    if owner is None or not owner.is_active:
        raise Invalid(f"Nobody answers for this {what}: choose an owner who works here.", {"owner": "Choose somebody."})
    return owner


def a_condition(text: str) -> Condition:
    """Also refuses names of things that are not there; its text must fit its column."""
    if len(text) > 500:
        raise Invalid("The condition is too long: use at most 500 characters.", {"condition": "Make it shorter."})
    try:
        condition = parse(text.strip())
        condition.check()
    except Invalid as trouble:
        raise Invalid(str(trouble), {"condition": str(trouble)}) from None
    return condition


def some_actions(said: Any, *, by: Actor, what: str = "rule") -> list[Action]:
    """They can be read, name what is there, can be undone, and are within the rights of a rule and of who saves it."""
    actions = read_actions(said)
    if not actions:
        raise Invalid(f"The {what} does nothing yet: choose at least one thing to do.", {"actions": "Choose one."})
    for action in actions:
        _must_be_allowed(action, by, what)
        must_exist(action)
    return actions


def _must_be_allowed(action: Action, by: Actor, what: str) -> None:
    if action.effect == "final":
        raise Invalid(f"A {what} can't {word(type(action))}: that can't be undone, so a person does it.")
    if action.permission not in RULE and EVERYTHING not in RULE:
        raise Invalid(f"A {what} may not {word(type(action))}: take that action out.")
    if not by.can(action.permission):
        raise Invalid(f"You may not {word(type(action))} yourself, so you can't let a {what} do it.")


def troubles(condition: str, actions: Any, *, by: Actor) -> list[str]:
    """What is wrong with something saved before, such as a team that has gone since."""
    found: list[str] = []
    for ask in (lambda: a_condition(condition), lambda: some_actions(actions, by=by)):
        try:
            ask()
        except Trouble as trouble:
            found.append(str(trouble))
    return found


def as_said(actions: Iterable[Action]) -> list[dict[str, Any]]:
    """Actions as they are kept and written down: only what was said, with the word first."""
    return [{"do": word(type(action)), **action.model_dump(mode="json", exclude_unset=True)} for action in actions]
