"""What rules and macros name of the taxonomy, so that nothing is deleted beneath them."""

from collections.abc import Iterable, Iterator
from typing import Any

from towerdesk.automation.models import Macro, Rule
from towerdesk.lib.errors import Trouble
from towerdesk.tickets.filters import parse
from towerdesk.tickets.filters.condition import Clause
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.tickets.taxonomy.usage import Use

KINDS = ("type", "area", "resolution", "tag", "impact", "urgency", "intent", "form")


def uses() -> Iterator[Use]:
    for rule in Rule.objects.all():
        who = f"the rule “{rule}”"
        yield from ((kind, key, who) for kind, key in [*_named_in(rule.condition), *_set_by(rule.actions)])
    for macro in Macro.objects.all():
        yield from ((kind, key, f"the macro “{macro}”") for kind, key in _set_by(macro.actions))


def _named_in(condition: str) -> Iterator[tuple[str, str]]:
    try:
        leaves = list(parse(condition).leaves())
    except Trouble:
        return
    for leaf in leaves:
        if isinstance(leaf, Clause) and leaf.name.startswith("field."):
            yield "field", leaf.name.removeprefix("field.")
            yield from _meant(leaf)
        elif isinstance(leaf, Clause) and leaf.name in KINDS:
            yield from _meant(leaf)


def _meant(leaf: Clause) -> Iterator[tuple[str, str]]:
    """By key, whether the condition says keys or names."""
    yield from ((leaf.name, key) for value in leaf.values for key in taxonomy().family(leaf.name, value))


def _set_by(actions: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for action in actions:
        names = {"type": "type", "product_area": "area", "impact": "impact", "urgency": "urgency", "intent": "intent"}
        yield from ((kind, str(action[name])) for name, kind in names.items() if action.get(name))
        yield from (("tag", str(word)) for word in [*action.get("add", []), *action.get("remove", [])])
        if action.get("do") == "resolve" and action.get("kind"):
            yield "resolution", str(action["kind"])
        if action.get("do") in ("hand_off", "escalate") and action.get("reason"):
            yield "handoff", str(action["reason"])
        for key, value in (action.get("fields") or {}).items():
            yield "field", key
            yield from ((f"field.{key}", str(one)) for one in (value if isinstance(value, list) else [value]))
