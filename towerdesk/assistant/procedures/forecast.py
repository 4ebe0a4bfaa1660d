"""What a run that is ready to act would do and say next: for whoever approves it."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.assistant.models import ProcedureRun
from towerdesk.assistant.procedures.engine import Answer, Stop, go
from towerdesk.assistant.procedures.expressions import names
from towerdesk.assistant.procedures.graphs import graph_of
from towerdesk.assistant.procedures.letter import letter
from towerdesk.assistant.procedures.model import Call, Check, Node, Procedure, Read, Say, Write
from towerdesk.assistant.procedures.runs import state_of
from towerdesk.assistant.procedures.state import State
from towerdesk.assistant.procedures.texts import HOLE
from towerdesk.assistant.procedures.world import DeskWorld
from towerdesk.connectors.contract import Preview, Value
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Trouble

OPEN = "…"


@dataclass(slots=True)
class Foreseen:
    """One change with its preview; `trouble` when it would not be taken."""

    tool: str
    preview: Preview | None = None
    trouble: str = ""


@dataclass(slots=True)
class _Imagined:
    """Nothing is called: what would be written is only listed, and answers with what was asked for."""

    language: str
    writes: list[tuple[str, Mapping[str, Value]]] = field(default_factory=list)

    def read(self, key: str, tool: str, given: Mapping[str, Value]) -> Answer:
        return Answer("done", {})

    def write(self, key: str, tool: str, given: Mapping[str, Value]) -> Answer:
        self.writes.append((tool, given))
        return Answer("done", {name: value.content for name, value in given.items()})

    def undo(self, key: str, said: str, tool: str, given: Mapping[str, Value]) -> Answer:
        return Answer("done")

    def may_write(self) -> bool:
        return True

    def note(self, state: State, node: Node, sentence: str, answer: Answer | None = None) -> None:
        """Nothing happens."""


def forecast(run: ProcedureRun) -> str:
    """The letter that would follow; what only the other system will know stands in it as “…”."""
    graph, state, _ = _imagine(run)
    return letter(
        Stop("done", "\n\n".join(state.says)), graph, state, language=run.language, to=run.ticket.requester.first_name
    )


def coming(run: ProcedureRun) -> list[Foreseen]:
    """The changes that would be made, without asking anybody what they would look like."""
    return [Foreseen(tool) for tool, _ in _imagine(run)[2]]


def foresee(run: ProcedureRun, *, by: Actor = THE_ASSISTANT) -> list[Foreseen]:
    """The changes that would be made, each with its preview (was, now)."""
    _, _, writes = _imagine(run)
    world, found = DeskWorld(run, by, run.language), list[Foreseen]()
    for tool, given in writes:
        try:
            found.append(Foreseen(tool, world.preview(tool, given)))
        except Trouble as trouble:
            found.append(Foreseen(tool, trouble=str(trouble)))
    return found


def _imagine(run: ProcedureRun) -> tuple[Procedure, State, list[tuple[str, Mapping[str, Value]]]]:
    graph, state = _open_ended(graph_of(run.version)), copy.deepcopy(state_of(run))
    state.says = []
    state.approved[state.at] = True
    world = _Imagined(run.language)
    go(graph, state, world)
    return graph, state, world.writes


def _open_ended(graph: Procedure) -> Procedure:
    """The same graph, where what a call after the change will answer is not known: checks hold, sentences have gaps."""
    answers = {node.name for node in graph.nodes if isinstance(node, Write)} | _read_after_writes(graph)
    nodes: list[Node] = []
    for node in graph.nodes:
        if isinstance(node, Check):
            nodes.append(node.model_copy(update={"holds": "True"}))
        elif isinstance(node, Say):
            nodes.append(
                node.model_copy(update={"text": {lang: _gaps(said, answers) for lang, said in node.text.items()}})
            )
        elif isinstance(node, Read) and node.name in answers:
            nodes.append(node.model_copy(update={"call": Call(tool=node.call.tool, arguments={})}))
        else:
            nodes.append(node)
    return graph.model_copy(update={"nodes": tuple(nodes)})


def _read_after_writes(graph: Procedure) -> set[str]:
    first = min((node.line for node in graph.nodes if isinstance(node, Write)), default=0)
    return {node.name for node in graph.nodes if isinstance(node, Read) and first and node.line > first}


def _gaps(said: str, answers: set[str]) -> str:
    def gap(hole: Any) -> str:
        return OPEN if names(hole.group(1)) & answers else str(hole.group(0))

    return HOLE.sub(gap, said)
