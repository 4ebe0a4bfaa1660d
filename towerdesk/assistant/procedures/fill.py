"""Fill slots from what the customer wrote so far: the newest message first, and nothing that led nowhere before."""

import re
from typing import Any

from towerdesk.assistant.procedures.find import find
from towerdesk.assistant.procedures.model import Procedure, Slot
from towerdesk.assistant.procedures.state import State, candidates
from towerdesk.connectors.contract import Value


def fill(procedure: Procedure, state: State, slots: tuple[str, ...], language: str) -> None:
    for name in slots:
        slot = procedure.slot(name)
        known = state.known.values.get(name)
        if slot is None or "customer" not in slot.sources or (known is not None and known.content is not None):
            continue
        _fill_one(procedure, state, slot, language)


def found_in(procedure: Procedure, state: State, slot: Slot, said: dict[str, Any], language: str) -> Any:
    """What one message says of a slot, or None. A model's proposal counts when it stands in the message and fits."""
    among = candidates(procedure, state, slot.name)
    alone = said["asked"] == [slot.name]
    content = find(slot, said["text"], language=language, among=among, alone=alone)
    proposed = said.get("proposed", {}).get(slot.name, "")
    if content is None and proposed and _stands_in(proposed, said["text"]):
        content = find(slot, proposed, language=language, among=among, alone=not slot.pattern)
    return content


def says_all(procedure: Procedure, text: str, language: str) -> bool:
    """Whether a first message says what this procedure must hear to begin (`if_said`)."""
    slots = [slot for name in procedure.if_said if (slot := procedure.slot(name))]
    return all(_says(slot, text, language) for slot in slots)


def _says(slot: Slot, text: str, language: str) -> bool:
    if slot.pattern:
        return bool(_told(slot, text))
    return find(slot, text, language=language) is not None


def _told(slot: Slot, text: str) -> "re.Match[str] | None":
    return re.search(rf"(?<![\w-])(?:{slot.pattern})(?!\w)", text, re.IGNORECASE)


def _fill_one(procedure: Procedure, state: State, slot: Slot, language: str) -> None:
    for said in reversed(state.heard):
        content = found_in(procedure, state, slot, said, language)
        if content is None or str(content) in state.rejected.get(slot.name, []):
            continue
        state.known.values[slot.name] = _value(state, slot, content, said)
        return
    if slot.among and slot.pattern and _names_another(slot, state):
        state.tries[f"other:{slot.name}"] = 1


def _value(state: State, slot: Slot, content: Any, said: dict[str, Any]) -> Value:
    """A record is the tool's that it was read by; the customer only pointed at it."""
    if not slot.among:
        return Value(content, "customer", str(said["id"]))
    whole = state.known.worked_out(slot.among)
    return Value(content, whole.source, whole.said)


def _names_another(slot: Slot, state: State) -> bool:
    """They gave a number of the right form that is none of the records."""
    return any(_told(slot, said["text"]) for said in state.heard)


def _stands_in(proposed: str, text: str) -> bool:
    return " ".join(proposed.lower().split()) in " ".join(text.lower().split())
