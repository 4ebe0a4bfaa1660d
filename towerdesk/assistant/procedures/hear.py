"""Take in a message of the customer: their yes or no, what they changed, and the words that slots are filled from."""

from typing import Any, Literal

from towerdesk.assistant.procedures.answers import answer_in
from towerdesk.assistant.procedures.fill import found_in
from towerdesk.assistant.procedures.model import Ask, Confirm, Procedure
from towerdesk.assistant.procedures.state import State

MOST_CHANGES = 2
"""How often a customer may change what they had said before a person takes over."""

type Heard = Literal["", "yes", "no", "changed", "unclear"]
"""What a message says to a question for a yes: empty when it was not one."""


def hear(
    procedure: Procedure, state: State, text: str, message: int, language: str, proposed: dict[str, str] | None = None
) -> Heard:
    """Once for each message. `proposed`: what a model read in it, by slot; it passes the same checks as all else."""
    if any(said["id"] == message for said in state.heard):
        return ""
    node = next((one for one in procedure.nodes if one.id == state.at), None)
    said = {"id": message, "text": text, "asked": _asked(state, node), "proposed": proposed or {}}
    waited, state.says = state.waits, []
    if waited == "yes" and isinstance(node, Confirm):
        return _answer(procedure, state, node, said, language)
    state.heard.append(said)
    if waited == "slots" and isinstance(node, Ask):
        state.tries[node.id] = state.tries.get(node.id, 0) + 1
    return ""


def _asked(state: State, node: object) -> list[str]:
    """The one thing that was asked for: only then the whole message may be its value."""
    if state.waits != "slots" or not isinstance(node, Ask):
        return []
    return [name for name in node.slots if name not in state.known.values]


def _answer(procedure: Procedure, state: State, node: Confirm, said: dict[str, Any], language: str) -> Heard:
    changed = _changed(procedure, state, said, language)
    if changed and state.writes:
        return "unclear"  # some of it is done already
    if changed:
        state.heard.append(said)
        state.changes += 1
        start_anew(procedure, state)
        return "changed" if state.changes <= MOST_CHANGES else "unclear"
    answer = answer_in(said["text"])
    state.heard.append(said)
    if answer == "yes":
        state.confirmed[node.id] = state.asked
        if not state.writes:
            look_again(procedure, state)
    return answer or "unclear"


def look_again(procedure: Procedure, state: State) -> None:
    """From the first step with what is known of slots: days may have gone by, so all else is read and judged anew."""
    kept = {slot.name for slot in procedure.slots if not slot.among}
    state.known.values = {name: value for name, value in state.known.values.items() if name in kept}
    state.at, state.waits, state.frames, state.says = procedure.start, "", [], []


def _changed(procedure: Procedure, state: State, said: dict[str, Any], language: str) -> list[str]:
    """The slots of which this message says something else than what is known."""
    found = []
    for slot in procedure.slots:
        known = state.known.values.get(slot.name)
        if known is None or "customer" not in slot.sources or slot.kind == "yes_no":
            continue
        content = found_in(procedure, state, slot, said, language)
        if content is not None and content != known.content and str(content) not in state.rejected.get(slot.name, []):
            found.append(slot.name)
    return found


def start_anew(procedure: Procedure, state: State) -> None:
    """With all that was said, the newest first; nothing has been changed outside so far."""
    state.confirmed, state.approved = {}, {}
    look_again(procedure, state)
    ours = ("agent", "requester")
    state.known.values = {name: value for name, value in state.known.values.items() if value.source in ours}
