"""What somebody filled in of a form's questions, as the verbs take it."""

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict

from towerdesk.tickets.asks import Ask
from towerdesk.tickets.submit import COLUMNS

BEFORE = "field."


def answers(given: QueryDict, asks: Iterable[Ask]) -> dict[str, Any]:
    """`{"impact": …, "fields": {…}}`; only what the page carried, so that an empty answer takes a value away."""
    found: dict[str, Any] = {"fields": {}}
    for ask in asks:
        name = ask.html_name
        if ask.kind == "multi" and f"{name}.there" in given:
            found["fields"][ask.key] = given.getlist(name)
        elif name in given and ask.is_built_in:
            found[COLUMNS.get(ask.key, ask.key)] = given[name]
        elif name in given:
            found["fields"][ask.key] = (given.get(name) or "").strip()
    return found if found["fields"] else {name: value for name, value in found.items() if name != "fields"}


def typed(given: QueryDict) -> dict[str, Any]:
    """What was typed, by the asks' keys, to be shown again."""
    return {
        name.removeprefix(BEFORE): given.getlist(name) if f"{name}.there" in given else given[name] for name in given
    }
