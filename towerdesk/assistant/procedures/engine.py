"""Run a graph from where it stands to where it has to stop: for an answer, a yes, a person, or because it is done.

Nothing here knows a database or a network: what is outside is a `World`. The same steps with the same answers always
make the same trace, whoever fills the slots.
"""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from towerdesk.assistant.procedures.expressions import CannotTell
from towerdesk.assistant.procedures.expressions import holds as is_so
from towerdesk.assistant.procedures.fill import fill
from towerdesk.assistant.procedures.model import (
    END,
    Approve,
    Ask,
    AskAgain,
    Branch,
    Call,
    Check,
    Confirm,
    Done,
    Each,
    HandOver,
    Node,
    Procedure,
    Read,
    Refuse,
    Say,
    Set,
    Task,
    Write,
)
from towerdesk.assistant.procedures.state import State
from towerdesk.assistant.procedures.texts import say
from towerdesk.assistant.procedures.values import Known, as_json
from towerdesk.connectors.contract import Value

MOST_NODES = 400
"""In one go; a page that runs in circles hands over."""

type Fate = Literal["done", "nothing", "later", "waits", "unknown", "failed", "refused"]
"""What became of a call: `nothing` is a read that found nothing of theirs; `waits` for a person's approval."""


@dataclass(frozen=True, slots=True)
class Answer:
    fate: Fate
    content: Any = None
    said: str = ""  # the id of the call
    note: str = ""
    checked: bool = False  # it was read back, and it is so


class World(Protocol):
    """What a run needs of its surroundings. Keys are unique for each visit of a node."""

    language: str

    def read(self, key: str, tool: str, given: Mapping[str, Value]) -> Answer: ...
    def write(self, key: str, tool: str, given: Mapping[str, Value]) -> Answer: ...
    def undo(self, key: str, said: str, tool: str, given: Mapping[str, Value]) -> Answer: ...
    def may_write(self) -> bool:
        """Asked right before each write: a licence or a person's approval stands, and nobody has taken the ticket."""
        ...

    def note(self, state: State, node: Node, sentence: str, answer: Answer | None = None) -> None:
        """A node was passed: write it down before the next one is begun."""
        ...


type Kind = Literal["ask", "confirm", "approve", "write", "refused", "done", "hand_over", "task", "later"]


@dataclass(frozen=True, slots=True)
class Stop:
    """`text` is for the customer, `why` for a person of ours; `missing` what is asked for."""

    kind: Kind
    text: str = ""
    why: str = ""
    missing: tuple[str, ...] = ()
    node: str = END
    again: bool = False  # asked for before


def begin(procedure: Procedure, given: dict[str, Any]) -> State:
    return State(procedure.start, Known(given))


def go(procedure: Procedure, state: State, world: World) -> Stop:
    """On to the next stop. Repeating it where it stopped stops there again, with the same words."""
    run = _Run(procedure, state, world)
    for _ in range(MOST_NODES):
        if state.at == END:
            return Stop("done", run.message())
        node = run.nodes[state.at]
        try:
            stop = run.take(node)
        except CannotTell as error:
            stop = Stop(
                "hand_over", why=f"Line {node.line} of the procedure can't be carried out: {error}", node=node.id
            )
        if stop is not None:
            return stop
    return Stop("hand_over", why="The procedure runs in circles", node=state.at)


class _Run:
    def __init__(self, procedure: Procedure, state: State, world: World) -> None:
        self.procedure, self.state, self.world = procedure, state, world
        self.nodes: dict[str, Node] = {node.id: node for node in procedure.nodes}

    def take(self, node: Node) -> Stop | None:
        """One node; None when it goes on."""
        carry_out: Callable[[Node], Stop | None] = getattr(self, f"_{node.do}")
        return carry_out(node)

    def _say(self, node: Say) -> Stop | None:
        self.state.says.append(self._words(node.text))
        return self._on(node)

    def _set(self, node: Set) -> Stop | None:
        self._keep(node.name, self.state.known.worked_out(node.value))
        return self._on(node)

    def _refuse(self, node: Refuse) -> Stop | None:
        return Stop("refused", self.message(self._words(node.text)), node=node.id)

    def _hand_over(self, node: HandOver) -> Stop | None:
        return Stop("hand_over", self.message(), node.why, node=node.id)

    def _done(self, node: Done) -> Stop | None:
        return Stop("done", self.message(), node=node.id)

    def message(self, last: str = "") -> str:
        return "\n\n".join([*self.state.says, *([last] if last else [])])

    def _on(self, node: Node, to: str | None = None) -> Stop | None:
        self.state.at = node.next if to is None else to
        self.state.waits = ""
        return None

    def _keep(self, name: str, value: Value) -> None:
        self.state.known.values[name] = value

    def _words(self, text: dict[str, str]) -> str:
        return say(text, self.state.known.plain(), self.world.language)

    def missing(self, slots: tuple[str, ...]) -> tuple[str, ...]:
        found = []
        for name in slots:
            slot = self.procedure.slot(name)
            if slot is None or name in self.state.known.values:
                continue
            if slot.default is not None:
                self._keep(name, Value(slot.default, "procedure"))
            elif slot.optional:
                continue
            elif not (slot.or_only and self._take_only(name, slot.among)):
                found.append(name)
        return tuple(found)

    def _take_only(self, name: str, among: str) -> bool:
        """When there is just one, it is that one; not when the customer has named another that is none of these."""
        if self.state.tries.get(f"other:{name}"):
            return False
        records = self.state.known.worked_out(among)
        if not isinstance(records.content, list) or len(records.content) != 1:
            return False
        slot = self.procedure.slot(name)
        content = records.content if slot and slot.many else records.content[0]
        self._keep(name, Value(content, "tool", records.said))
        return True

    def _ask(self, node: Ask) -> Stop | None:
        self._nobody_there(node)
        fill(self.procedure, self.state, node.slots, self.world.language)
        missing = self.missing(node.slots)
        if not missing:
            for name in node.slots:
                if name not in self.state.known.values:
                    self._keep(name, Value(None, "procedure"))
            self.world.note(self.state, node, "Everything is known")
            return self._on(node)
        tries = self.state.tries.get(node.id, 0)
        if tries >= self.procedure.attempts:
            asked = ", ".join(missing)
            return Stop(
                "hand_over",
                why=f"They were asked {tries} times and did not say: {asked}",
                missing=missing,
                node=node.id,
            )
        people_only = [name for name in missing if "customer" not in self._slot_sources(name)]
        self.state.waits = "slots"
        if people_only:
            return Stop("task", why="A person of ours fills this in", missing=missing, node=node.id)
        return Stop("ask", self.message(), missing=missing, node=node.id, again=tries > 0)

    def _nobody_there(self, node: Ask) -> None:
        """Records to choose from must have been read; raises `CannotTell` when they were not."""
        for name in node.slots:
            slot = self.procedure.slot(name)
            if slot and slot.among and name not in self.state.known.values:
                self.state.known.worked_out(slot.among)

    def _slot_sources(self, name: str) -> tuple[str, ...]:
        slot = self.procedure.slot(name)
        return slot.sources if slot else ()

    def _ask_again(self, node: AskAgain) -> Stop | None:
        """Why the value leads nowhere is told with the next question."""
        words = self._words(node.text)
        led_nowhere = self.state.known.values.pop(node.slot, None)
        if led_nowhere is not None:
            self.state.rejected.setdefault(node.slot, []).append(str(led_nowhere.content))
        self.state.tries[node.next] = self.state.tries.get(node.next, 0) + 1
        if self.state.tries[node.next] >= self.procedure.attempts:
            return Stop("hand_over", why=words, missing=(node.slot,), node=node.id)
        self.state.says = [words]
        self.state.at = node.next
        self.world.note(self.state, node, words)
        return None

    def _read(self, node: Read) -> Stop | None:
        answer = self.world.read(self._key(node), node.call.tool, self._given(node.call))
        if answer.fate not in ("done", "nothing"):
            return Stop("later", why=answer.note or f"{node.call.tool} does not answer", node=node.id)
        self._passed(node)
        self._keep(node.name, Value(as_json(answer.content), "tool", answer.said))
        self._on(node)
        self.world.note(self.state, node, answer.note, answer)
        return None

    def _write(self, node: Write) -> Stop | None:
        if not self.world.may_write():
            return Stop("write", why="This changes something: a person approves it, or a licence lets it", node=node.id)
        answer = self.world.write(self._key(node), node.call.tool, self._given(node.call))
        if answer.fate in ("waits", "unknown", "later"):
            return Stop("later", why=answer.note, node=node.id)
        if answer.fate != "done":
            return self._took_back(node, f"{node.call.tool}: {answer.note.rstrip('.')}")
        self._keep(node.name, Value(as_json(answer.content), "tool", answer.said))
        visit = self._passed(node)
        self.state.writes.append({"node": node.id, "visit": visit, "said": answer.said})
        self._on(node)
        self.world.note(self.state, node, answer.note, answer)
        return None

    def _check(self, node: Check) -> Stop | None:
        if is_so(node.holds, self.state.known.plain()):
            self._on(node)
            self.world.note(self.state, node, "So it is")
            return None
        return self._took_back(node, f"After the change this does not hold: {node.holds}")

    def _took_back(self, node: Node, why: str) -> Stop:
        """What was done so far is undone, the last first, where the procedure says how."""
        left, taken = [], 0
        for write in reversed(self.state.writes):
            done = self.nodes[write["node"]]
            undo = done.undo if isinstance(done, Write) else None
            if undo is None:
                left.append(done)
                continue
            given: dict[str, Value] = {}
            with contextlib.suppress(CannotTell):
                given = self._given(undo)
            answer = self.world.undo(f"{done.id}/{write['visit']}/undo", write["said"], undo.tool, given)
            if answer.fate == "done":
                taken += 1
            else:
                left.append(done)
        told = f"{why}. {taken} earlier changes were taken back." if taken else why
        if left:
            told += " Still in force: " + ", ".join(one.call.tool for one in left if isinstance(one, Write)) + "."
        self.state.writes = []
        return Stop("hand_over", why=told, node=node.id)

    def _branch(self, node: Branch) -> Stop | None:
        yes = is_so(node.when, self.state.known.plain())
        self._on(node, node.next if yes else node.otherwise)
        if node.guard or yes:
            self.world.note(self.state, node, "Holds" if yes else "Does not hold")
        return None

    def _each(self, node: Each) -> Stop | None:
        frame = next((one for one in self.state.frames if one["node"] == node.id), None)
        if frame is None:
            over = self.state.known.worked_out(node.over)
            if not isinstance(over.content, list):
                raise CannotTell(f"“{node.over}” is no list.")
            frame = {"node": node.id, "items": over.content, "index": 0, "source": over.source, "said": over.said}
            self.state.frames.append(frame)
        if frame["index"] >= len(frame["items"]):
            self.state.frames.remove(frame)
            return self._on(node)
        self._keep(node.name, Value(frame["items"][frame["index"]], frame["source"], frame["said"]))
        frame["index"] += 1
        return self._on(node, node.body)

    def _confirm(self, node: Confirm) -> Stop | None:
        """What they said yes to are these very words: when an amount has changed since, they are asked again."""
        words = self._words(node.text)
        if self.state.confirmed.get(node.id) == words:
            self.state.says = []
            self.world.note(self.state, node, words)
            return self._on(node)
        self.state.confirmed.pop(node.id, None)
        self.state.waits, self.state.asked = "yes", words
        return Stop("confirm", self.message(words), node=node.id)

    def _approve(self, node: Approve) -> Stop | None:
        if self.state.approved.get(node.id) or not is_so(node.when, self.state.known.plain()):
            return self._on(node)
        self.state.waits = "approval"
        return Stop("approve", why=node.why, node=node.id)

    def _task(self, node: Task) -> Stop | None:
        if self.state.approved.get(node.id) and not self.missing(node.slots):
            self.state.approved.pop(node.id)
            return self._on(node)
        self.state.waits = "person"
        return Stop("task", why=node.text, missing=self.missing(node.slots), node=node.id)

    def _given(self, call: Call) -> dict[str, Value]:
        """What is empty is not handed in."""
        worked = {name: self.state.known.worked_out(value) for name, value in call.arguments.items()}
        return {name: value for name, value in worked.items() if value.content is not None}

    def _key(self, node: Node) -> str:
        return f"{node.id}/{self.state.visits.get(node.id, 0)}"

    def _passed(self, node: Node) -> int:
        visit = self.state.visits.get(node.id, 0)
        self.state.visits[node.id] = visit + 1
        return visit
