"""Orders that mean something, and orders that must not change."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet


def arrange(things: "QuerySet[Any]", key: str, wanted: Sequence[str], column: str = "position") -> None:
    """Number the things in the wanted order; what is not named keeps its order behind them."""
    place = {name: number for number, name in enumerate(wanted)}
    sorted_things = sorted(things, key=lambda thing: place.get(str(getattr(thing, key)), len(place)))
    for number, thing in enumerate(sorted_things):
        if getattr(thing, column) != number:
            setattr(thing, column, number)
            thing.save()


def tidy(action: dict[str, Any]) -> dict[str, Any]:
    """An action as one reads it: what it does first, the rest by name. The database keeps no order of its own."""
    return {"do": action.get("do", ""), **{name: action[name] for name in sorted(action) if name != "do"}}
