"""Tests beside a procedure: what somebody says and what the tools answer, and what it must ask, do and end with.

They are run without the tools themselves, by the engine that runs the procedure for customers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from towerdesk.assistant.procedures.engine import Answer, Stop, begin, go
from towerdesk.assistant.procedures.hear import hear
from towerdesk.assistant.procedures.model import Node, Procedure
from towerdesk.assistant.procedures.state import State
from towerdesk.connectors.contract import Value
from towerdesk.lib.errors import Invalid

MOST_TESTS = 60
MOST_STOPS = 20
ENDS = {
    "done": "done",
    "refused": "refused",
    "hand_over": "handed over",
    "ask": "asks",
    "confirm": "asks for a yes",
    "approve": "waits for approval",
    "task": "waits for a person",
    "later": "waits for a tool",
    "write": "waits for approval",
}
"""A stop of the engine, as a test calls it."""

type Ending = Literal[
    "done",
    "refused",
    "handed over",
    "asks",
    "asks for a yes",
    "waits for approval",
    "waits for a person",
    "waits for a tool",
]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_call(given: Any) -> Any:
    return {given: None} if isinstance(given, str) else given


class Expected(Part):
    """What is left out is not looked at."""

    asks: list[str] | None = None
    """Everything that was asked for, in that order."""
    does: list[Annotated[dict[str, dict[str, Any] | None], BeforeValidator(_as_call)]] | None = None
    """The tools that change something, in their order, each with the arguments that matter."""
    ends: Ending | None = None
    says: str | None = None
    """Words of the last thing that the customer is told, or of why a person takes over."""


class Trial(Part):
    test: Annotated[str, Field(min_length=1, max_length=200)]
    requester: dict[str, Any] = {}
    slots: dict[str, Any] = {}
    """What is known from the start, as if the customer had said it."""
    says: list[str | bool | dict[str, Any]] = []
    """What comes in turn, first the request: messages as they are written; yes, of whoever is asked to agree; or values."""
    tools: dict[str, Any] = {}
    """What each tool answers; nothing is that it found nothing. A list is one answer for each thing that it is asked for."""
    afterwards: dict[str, Any] = {}
    """What they answer instead, once something was changed."""
    expect: Expected


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wrong` says in sentences what was otherwise than expected; `trace` what happened, line by line."""

    name: str
    wrong: tuple[str, ...]
    trace: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.wrong


def read_trials(text: str) -> list[Trial]:
    """Raises `Invalid` with a sentence that says which test can't be read."""
    try:
        found = yaml.safe_load(text) or []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Invalid(f"The tests are no YAML: look at line {mark.line + 1 if mark else 1}.") from None
    if not isinstance(found, list) or len(found) > MOST_TESTS:
        raise Invalid(f"The tests are a list of at most {MOST_TESTS}, each beginning with “- test: what it shows”.")
    return [_read(number, one) for number, one in enumerate(found, 1)]


def _read(number: int, given: Any) -> Trial:
    try:
        return Trial.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][:3]) or "it"
        named = given.get("test", number) if isinstance(given, dict) else number
        raise Invalid(f"Test “{named}” can't be read: {place}: {first['msg'].lower()}.") from None


def try_all(procedure: Procedure, text: str) -> list[Verdict]:
    """Raises `Invalid` when the tests can't be read."""
    return [try_one(procedure, trial) for trial in read_trials(text)]


def try_one(procedure: Procedure, trial: Trial) -> Verdict:
    world = Rehearsal(trial.tools, trial.afterwards, procedure.language)
    requester = {"email": "somebody@example.com", "name": "Somebody", "first_name": "Somebody"} | trial.requester
    state = begin(procedure, {"requester": requester, "ticket": {"number": 1, "language": procedure.language}})
    _take_in(state, trial.slots)
    asked: list[str] = []
    coming = list(trial.says)
    if coming and isinstance(request := coming[0], str):
        hear(procedure, state, request, 0, procedure.language)
        coming = coming[1:]
    for number in range(1, MOST_STOPS):
        stop = _go(procedure, state, world)
        asked += stop.missing if stop.kind == "ask" else ()
        if not coming or not _goes_on(procedure, state, stop, coming.pop(0), number):
            break
    return Verdict(trial.test, tuple(_differs(trial.expect, asked, world, stop)), tuple(world.trace))


def _go(procedure: Procedure, state: State, world: "Rehearsal") -> Stop:
    try:
        stop = go(procedure, state, world)
    except Invalid as error:
        stop = Stop("hand_over", why=str(error))
    world.tell(stop)
    return stop


def _goes_on(procedure: Procedure, state: State, stop: Stop, said: str | bool | dict[str, Any], number: int) -> bool:
    """Whether what comes lets it go on."""
    if isinstance(said, str) and stop.kind in ("ask", "confirm"):
        return hear(procedure, state, said, number, procedure.language) not in ("no", "unclear")
    if isinstance(said, dict) and stop.kind in ("ask", "task"):
        _take_in(state, said)
        state.approved[stop.node] = True
        return True
    if said is True and stop.kind in ("confirm", "approve", "task"):
        _agree(state, stop)
        return True
    return False


def _agree(state: State, stop: Stop) -> None:
    if stop.kind == "confirm":
        state.confirmed[stop.node] = state.asked
    else:
        state.approved[stop.node] = True


def _take_in(state: State, said: Mapping[str, Any]) -> None:
    state.known.values |= {name: Value(content, "customer", "1") for name, content in said.items()}


def _differs(expect: Expected, asked: list[str], world: "Rehearsal", stop: Stop) -> list[str]:
    wrong = []
    if expect.asks is not None and asked != expect.asks:
        wrong.append(f"It asks for {_listed(asked)}, not for {_listed(expect.asks)}.")
    if expect.does is not None and not _same(expect.does, world.does):
        wrong.append(f"It does {_listed(_calls(world.does))}, not {_listed(_calls(expect.does))}.")
    if expect.ends is not None and ENDS[stop.kind] != expect.ends:
        wrong.append(f"It ends as “{ENDS[stop.kind]}”, not as “{expect.ends}”.")
    told = stop.text or stop.why
    if expect.says is not None and expect.says.casefold() not in told.casefold():
        wrong.append(f"It says “{told}”, without “{expect.says}”.")
    return wrong


type Done = list[dict[str, dict[str, Any] | None]]


def _same(wanted: Done, done: Done) -> bool:
    """The same tools in the same order; of the arguments only those that the test names."""
    given, made = ([pair for one in calls for pair in one.items()] for calls in (wanted, done))
    if [tool for tool, _ in given] != [tool for tool, _ in made]:
        return False
    pairs = [(want or {}, did or {}) for (_, want), (_, did) in zip(given, made, strict=True)]
    return all(str(did.get(name)) == str(value) for want, did in pairs for name, value in want.items())


def _calls(done: Done) -> list[str]:
    return [
        f"{tool}({', '.join(f'{name}={value}' for name, value in (given or {}).items())})"
        for one in done
        for tool, given in one.items()
    ]


def _listed(things: list[str]) -> str:
    return ", ".join(things) or "nothing"


@dataclass
class Rehearsal:
    """A world in which each tool answers what the test says."""

    tools: Mapping[str, Any]
    afterwards: Mapping[str, Any]
    language: str = "en"
    does: Done = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    asked: dict[str, list[str]] = field(default_factory=dict)
    """Tool → what it was asked for so far: the same again has the same answer."""

    def read(self, key: str, tool: str, given: Mapping[str, Value]) -> Answer:
        return self._answer(key, tool, given, self.afterwards if self.does and tool in self.afterwards else self.tools)

    def write(self, key: str, tool: str, given: Mapping[str, Value]) -> Answer:
        self.does.append({tool: {name: value.content for name, value in given.items()}})
        return self._answer(key, tool, given, self.tools)

    def undo(self, key: str, said: str, tool: str, given: Mapping[str, Value]) -> Answer:
        return self.write(key, tool, given)

    def may_write(self) -> bool:
        return True

    def note(self, state: State, node: Node, sentence: str, answer: Answer | None = None) -> None:
        if node.do == "branch" and node.guard and state.at == node.otherwise:
            self.trace.append(f"Line {node.line}: does not hold: {node.when}")

    def tell(self, stop: Stop) -> None:
        told = _listed(list(stop.missing)) if stop.kind == "ask" else stop.text or stop.why
        self.trace.append(f"{ENDS[stop.kind].capitalize()}: {told}" if told else ENDS[stop.kind].capitalize())

    def _answer(self, key: str, tool: str, given: Mapping[str, Value], answers: Mapping[str, Any]) -> Answer:
        if tool not in answers:
            raise Invalid(f"The test does not say what {tool} answers.")
        [called] = _calls([{tool: {name: value.content for name, value in given.items()}}])
        answer = answers[tool]
        if isinstance(answer, list):
            asked = self.asked.setdefault(f"{tool} {bool(self.does)}", [])
            asked += [] if called in asked else [called]
            answer = answer[min(asked.index(called), len(answer) - 1)] if answer else None
        self.trace.append(f"{called} → {'nothing' if answer is None else answer}")
        if isinstance(answer, dict) and set(answer) == {"fails"}:
            return Answer("failed", note=str(answer["fails"]))
        return Answer("done" if answer is not None else "nothing", answer, key)
