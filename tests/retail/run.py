"""Carry out a request by its procedure, with everything said that the customer means; the shop is in this process."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from tests.retail.connector import SPECS, RetailConnector
from tests.retail.shop import WRITES, Shop
from tests.retail.tasks import Request
from towerdesk.assistant.procedures import Procedure, compile_procedure
from towerdesk.assistant.procedures.engine import Answer, State, begin, go
from towerdesk.assistant.procedures.model import Node
from towerdesk.connectors.contract import Account, NotDone, ToolSpec, Value
from towerdesk.connectors.given import fitting_all

FOLDER = Path(__file__).parent / "procedures"
NAME = "retail"
MOST_STOPS = 6


@dataclass
class InProcess:
    """What a run needs of its surroundings, without a database: tools are held to what they take and from whom."""

    shop: Shop
    language: str = "en"
    stopped_at: list[int] = field(default_factory=list)
    """Lines of guards that did not hold."""

    def __post_init__(self) -> None:
        self.tools = {f"{NAME}.{tool.spec.name}": tool for tool in RetailConnector(self.shop).tools(Account())}

    def read(self, key: str, tool: str, given: Mapping[str, Value]) -> Answer:
        return self._use(key, tool, given, otherwise="nothing")

    def write(self, key: str, tool: str, given: Mapping[str, Value]) -> Answer:
        return self._use(key, tool, given, otherwise="failed")

    def undo(self, key: str, said: str, tool: str, given: Mapping[str, Value]) -> Answer:
        return Answer("failed", note="The shop takes nothing back.")

    def may_write(self) -> bool:
        return True

    def note(self, state: State, node: Node, sentence: str, answer: Answer | None = None) -> None:
        if node.do == "branch" and node.guard and state.at == node.otherwise:
            self.stopped_at.append(node.line)

    def _use(self, key: str, name: str, given: Mapping[str, Value], *, otherwise: str) -> Answer:
        tool = self.tools[name]
        arguments = fitting_all(tool.spec, {name: value.content for name, value in given.items()})
        for argument in arguments:
            if given[argument].source not in tool.spec.argument(argument).sources:
                return Answer("refused", note=f"{name} does not take the word of a {given[argument].source}.")
        try:
            result = tool.execute(arguments, key)
        except NotDone as refused:
            return Answer("nothing" if otherwise == "nothing" else "failed", note=str(refused))
        return Answer("done", result.content, key)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended, what was said last, and the lines of the guards that did not hold. `writes` were let loose."""

    ended: str
    said: str
    stopped_at: tuple[int, ...]
    writes: list[str]


def carry_out(request: Request, shop: Shop, *, yes: bool = True) -> Outcome:
    """`yes`: whether the customer agrees when they are asked."""
    procedure, world = procedures()[request.procedure], InProcess(shop)
    state = begin(
        procedure, {"requester": {"email": request.email, "name": ""}, "ticket": {"number": 1, "language": "en"}}
    )
    for name, content in request.slots.items():
        state.known.values[name] = Value(content, "customer", "1")
    before = len(shop.calls)
    stop = go(procedure, state, world)
    for _ in range(MOST_STOPS):
        if stop.kind != "confirm" or not yes:
            break
        state.confirmed[stop.node] = state.asked
        stop = go(procedure, state, world)
    writes = [name for name, _ in shop.calls[before:] if name in WRITES]
    return Outcome(stop.kind, stop.text or stop.why, tuple(world.stopped_at), writes)


def guards(procedure: Procedure) -> set[int]:
    """The lines of what it requires."""
    return {node.line for node in procedure.nodes if node.do == "branch" and node.guard}


@cache
def procedures() -> dict[str, Procedure]:
    tools = {f"{NAME}.{spec.name}": _named(spec) for spec in SPECS}
    found = [compile_procedure(file.read_text(), tools) for file in sorted(FOLDER.glob("*.md"))]
    return {procedure.key: procedure for procedure in found}


def _named(spec: ToolSpec) -> ToolSpec:
    return replace(spec, name=f"{NAME}.{spec.name}")
