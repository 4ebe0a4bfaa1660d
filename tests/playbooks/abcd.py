"""The 55 guidelines of `playbooks-abcd` as procedures for people, their actions in the order of `kb.json`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.data import data
from towerdesk.assistant.procedures.from_list import ByHand, Guideline, procedure_of

TALK = "Talk to the customer"
"""The heading of what has no button."""
OTHERWISE = {
    "notify-internal-team": "notify-team",
    "search-answer": "select-faq",
    "select-answer": "select-faq",
    "log-out/in": "log-out-in",
    "enter-detail": "enter-details",
    "membership-privileges": "membership",
}
"""Buttons that the two files call differently."""


@dataclass(frozen=True, slots=True)
class Playbook:
    key: str
    title: str
    actions: tuple[str, ...]  # of kb.json, in their order
    text: str


def playbooks() -> list[Playbook]:
    folder = data("playbooks-abcd")
    guidelines, kb, ontology = (
        json.loads((folder / f"{name}.json").read_text()) for name in ("guidelines", "kb", "ontology")
    )
    names = [name for names in ontology["intents"]["subflows"].values() for name in names]
    subflows = _in_order_of_names(guidelines, ontology)
    wanted = {name: slots for kind in ontology["actions"].values() for name, slots in kind.items()}
    return [_playbook(name, *subflows[name], kb[name], wanted) for name in names]


def _in_order_of_names(guidelines: dict[str, Any], ontology: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Sub-flow → its title and guideline: both files list the sub-flows of a flow in the same order."""
    found = {}
    for flow, guideline in guidelines.items():
        names = ontology["intents"]["subflows"][flow.lower().replace(" ", "_").replace("-", "_")]
        for name, (title, subflow) in zip(names, guideline["subflows"].items(), strict=True):
            found[name] = (f"{flow}: {title}", subflow)
    return found


def _playbook(
    name: str, title: str, subflow: dict[str, Any], actions: Sequence[str], wanted: dict[str, list[str]]
) -> Playbook:
    steps = [
        ByHand(_heading(action), *_said(action, told), fills=tuple(wanted.get(action, ())) if action else ())
        for action, told in _ordered(subflow["actions"], actions)
    ]
    needs = {slot: f"The {slot.replace('_', ' ')}" for step in steps for slot in step.fills}
    key = f"abcd-{name.replace('_', '-')}"
    guideline = Guideline(title, steps, about=subflow["instructions"], key=key, needs=needs)
    return Playbook(key, title, tuple(actions), procedure_of(guideline))


def _heading(action: str) -> str:
    return action.replace("-", " ").capitalize() if action else TALK


def _said(action: str, told: dict[str, Any] | None) -> tuple[str, list[str]]:
    if told is None:
        return _heading(action), []
    return told["text"] or _heading(action), [line for point in told["subtext"] for line in point.split(" > ")]


def _ordered(told: Sequence[dict[str, Any]], actions: Sequence[str]) -> list[tuple[str, dict[str, Any] | None]]:
    """The actions in their order, each with what the guideline says of it; what is only said stays behind what it followed."""
    groups: list[tuple[str, list[dict[str, Any]]]] = [("", [])]
    for one in told:
        action = _action(one["button"], actions)
        if action and action not in [name for name, _ in groups]:
            groups.append((action, [one]))
        else:
            groups[-1][1].append(one)
    by_action = dict(groups)
    ordered: list[tuple[str, dict[str, Any] | None]] = [("", one) for one in by_action.pop("")]
    for action in actions:
        first, *others = by_action.get(action) or [None]
        ordered += [(action, first), *(("", one) for one in others)]
    return ordered


def _action(button: str, actions: Sequence[str]) -> str:
    name = button.lower().replace(" ", "-")
    name = OTHERWISE.get(name, name)
    return next((one for one in (name, f"search-{name}") if one in actions), "")
