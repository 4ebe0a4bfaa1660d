"""A test for a drafted procedure: one of its past tickets, with made-up values where it was somebody's own."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from towerdesk.assistant.procedures.compile import compile_procedure
from towerdesk.assistant.procedures.model import Procedure
from towerdesk.assistant.procedures.tools import Tools
from towerdesk.assistant.procedures.trials import Trial, try_one
from towerdesk.lib.errors import Trouble
from towerdesk.rehearsal.gaps.procedures.origins import Case
from towerdesk.rehearsal.gaps.procedures.shapes import example_of

SOMEBODY = "somebody@example.com"


def test_of(text: str, cases: Sequence[Case], tools: Tools) -> str:
    """The YAML of it; empty when it would not pass, so that nobody has to find out why."""
    try:
        graph = compile_procedure(text, tools)
        told = _told(graph, cases)
        passed = try_one(graph, Trial.model_validate(told)).passed
    except (Trouble, ValueError):
        return ""
    return yaml.safe_dump([told], sort_keys=False, allow_unicode=True) if passed else ""


def _told(graph: Procedure, cases: Sequence[Case]) -> dict[str, Any]:
    first, others = cases[0], cases[1:]
    answers: dict[str, Any] = {}
    afterwards: dict[str, Any] = {}
    changed = False
    for at, deed in enumerate(first.deeds):
        if not deed.tool:
            continue
        answer = _masked(deed.answer, [case.deeds[at].answer for case in others], first)
        (afterwards if changed and deed.effect == "read" else answers)[deed.tool] = answer
        changed = changed or deed.effect != "read"
    slots = {slot.name: first.known[slot.name] for slot in graph.slots if not slot.among and slot.name in first.known}
    return {
        "test": "As people did it",
        "slots": {name: _masked(value, [case.known[name] for case in others], first) for name, value in slots.items()},
        "says": [_request(graph, first, others), *[True] * _stops(graph)],
        "tools": answers,
        "afterwards": afterwards,
        "expect": {"does": [deed.tool for deed in first.deeds if deed.tool and deed.effect != "read"], "ends": "done"},
    }


def _request(graph: Procedure, first: Case, others: Sequence[Case]) -> str:
    """Names the records that they chose."""
    chosen = [slot for slot in graph.slots if slot.among and slot.name in first.known]
    named = [_masked(first.known[slot.name], [case.known[slot.name] for case in others], first) for slot in chosen]
    return " ".join(["It is about", *(str(one.get(slot.by[0])) for one, slot in zip(named, chosen, strict=True))])


def _stops(graph: Procedure) -> int:
    return sum(node.do in ("confirm", "approve", "task") for node in graph.nodes)


def _masked(value: Any, others: Sequence[Any], case: Case) -> Any:
    """What is the same on all tickets is the system's; the rest is somebody's."""
    if isinstance(value, Mapping):
        return {name: _masked(part, [_part(one, name) for one in others], case) for name, part in value.items()}
    if isinstance(value, list):
        chosen = next((one for one in value if one in case.known.values()), None) or next(iter(value), None)
        return [_masked(chosen, [None], case)] if value else []
    if value is None or isinstance(value, bool | int | float) or (others and all(one == value for one in others)):
        return value
    if value == case.known.get("requester", {}).get("email"):
        return SOMEBODY
    return example_of([str(value)]) or "something"


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None
