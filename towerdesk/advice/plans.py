"""What a rule asks for and what it sets, so that two rules can be held against each other without any ticket."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from towerdesk.actions.vocabulary import Action, Assign, Change, Close, Resolve, TagIt, read_actions
from towerdesk.automation.models import Rule
from towerdesk.lib.errors import Trouble
from towerdesk.tickets.filters import Condition, parse
from towerdesk.tickets.filters.condition import And, Clause, Not
from towerdesk.tickets.taxonomy import taxonomy

ASKED_AS = {"product_area": "area"}
ASKED = ("priority", "status", "type", "intent", "area", "impact", "urgency", "tag")


@dataclass(frozen=True, slots=True)
class Plan:
    """`parts` must all hold: whoever has more of them holds less often. `sets`: attribute → value.

    `asks` and `refuses`: conditions by name, with their values. `only_sets`: it does nothing beside.
    """

    rule: Rule
    parts: frozenset[str]
    asks: Mapping[str, tuple[str, ...]]
    refuses: Mapping[str, tuple[str, ...]]
    sets: Mapping[str, str]
    only_sets: bool

    def bars(self, other: "Plan") -> str:
        """What this one sets and the other asks to be otherwise, in words; empty when nothing."""
        for name, value in self.sets.items():
            if name.startswith("the tag "):
                if value == "on" and name.removeprefix("the tag ") in other.refuses.get("tag", ()):
                    return f"{said(name, value)}, which this one refuses"
                continue
            asked = other.asks.get(ASKED_AS.get(name, name), ())
            if asked and not any(_means(ASKED_AS.get(name, name), word, value) for word in asked):
                return f"{said(name, value)}, while this one asks for {' or '.join(asked)}"
        return ""


def plan_of(rule: Rule) -> Plan | None:
    """None for a rule that can't be read: its own page says so, and it never acts."""
    try:
        condition, actions = parse(rule.condition), read_actions(rule.actions)
    except Trouble:
        return None
    parts = condition.parts if isinstance(condition, And) else (condition,)
    asks = {part.name: part.values for part in parts if isinstance(part, Clause) and part.name in ASKED}
    return Plan(
        rule,
        frozenset(str(part) for part in parts),
        asks,
        _refused(parts),
        _set_by(actions),
        all(isinstance(action, Change | Assign | TagIt) for action in actions),
    )


def said(name: str, value: str) -> str:
    """`sets priority to high`, `adds the tag leak`."""
    if name.startswith("the tag "):
        return f"{'adds' if value == 'on' else 'takes off'} {name}"
    return f"sets {name.replace('_', ' ')} to {value}"


def _refused(parts: Iterable[Condition]) -> dict[str, tuple[str, ...]]:
    refused = (part.part for part in parts if isinstance(part, Not))
    return {part.name: part.values for part in refused if isinstance(part, Clause)}


def _set_by(actions: Iterable[Action]) -> dict[str, str]:
    found: dict[str, str] = {}
    for action in actions:
        if isinstance(action, Change):
            found |= {name: str(value) for name, value in action.values().items() if name not in ("fields", "due_at")}
            found |= {f"field {key}": str(value) for key, value in (action.values().get("fields") or {}).items()}
        elif isinstance(action, Assign):
            found["the owner"] = action.user or action.team or ""
        elif isinstance(action, TagIt):
            found |= {f"the tag {word}": "on" for word in action.add}
            found |= {f"the tag {word}": "off" for word in action.remove}
        elif isinstance(action, Resolve | Close):
            found["status"] = "resolved" if isinstance(action, Resolve) else "closed"
    return found


def _means(kind: str, word: str, value: str) -> bool:
    """Whether a condition's word holds for this value, by key or name, merged ones included."""
    family = {key.lower() for key in taxonomy().family(kind, word)}
    return word == "any" or value.lower() in family
