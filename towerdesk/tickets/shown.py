"""Which of a form's asks are asked, given the answers so far. An ask that is not shown counts as not answered."""

from collections.abc import Mapping, Sequence
from typing import Any

from towerdesk.tickets.asks import Ask
from towerdesk.tickets.taxonomy.conditions import holds, spoken


def shown(asks: Sequence[Ask], answers: Mapping[str, Any]) -> list[Ask]:
    """`answers` by the asks' keys, as a page sends them or as a ticket has them."""
    said: dict[str, list[str]] = {}
    found = []
    for ask in asks:
        if all(holds(when, said.get(when.ask, [])) for when in ask.when):
            found.append(ask)
            said[ask.key] = spoken(answers.get(ask.key))
    return found
