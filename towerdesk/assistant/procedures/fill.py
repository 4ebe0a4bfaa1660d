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
    """What one message says of a slot, as the typed checks find it by themselves, or None."""
    among = candidates(procedure, state, slot.name)
    return find(slot, said["text"], language=language, among=among, alone=said["asked"] == [slot.name])


def pointed_at(procedure: Procedure, state: State, slot: Slot, said: dict[str, Any], language: str) -> Any:
    """What a model's words for a slot come to, or None: they must stand in the message and pass the checks."""
    proposed = said.get("proposed", {}).get(slot.name, "")
    if not (proposed and may_be_pointed_at(slot) and _stands_in(proposed, said["text"])):
        return None
    among = candidates(procedure, state, slot.name)
    return find(slot, proposed, language=language, among=among, alone=not slot.pattern)


def may_be_pointed_at(slot: Slot) -> bool:
    """A yes is the customer's own, to the question that was asked: no model finds one elsewhere in what they wrote."""
    return "customer" in slot.sources and slot.kind != "yes_no"


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
    """A model's words count only where nothing that was ever said fits by itself: they add, they never overrule."""
    for look in (found_in, pointed_at):
        for said in reversed(state.heard):
            content = look(procedure, state, slot, said, language)
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
    """As whole words and numbers: “B-1234” does not stand in “B-12345”, nor “4” in “45.00” or “4.50”."""
    words = r"\s+".join(re.escape(word) for word in proposed.split())
    return bool(re.search(rf"(?<!\w)(?<!\w[.,/-]){words}(?!\w|[.,/-]\w)", text, re.IGNORECASE))
