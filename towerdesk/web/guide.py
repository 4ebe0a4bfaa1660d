"""A procedure as the checklist of whoever goes by it: its steps, what is known by now, and where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from towerdesk.assistant.models import ProcedureRun, ProcedureStep
from towerdesk.assistant.procedures.expressions import spoken
from towerdesk.assistant.procedures.model import Node, Procedure, Slot
from towerdesk.web.graphs import kind_of, text_of

NOT_SHOWN = ("set", "branch", "each", "ask_again", "refuse", "hand_over", "done")
"""They are how it goes on, not something to do."""
WHO = {
    "customer": "they wrote it",
    "requester": "we know who writes",
    "tool": "looked up",
    "agent": "one of us",
    "procedure": "",
}


@dataclass(frozen=True, slots=True)
class Fill:
    """Something that is to be known; `value` is empty while it is not."""

    name: str
    question: str
    value: str
    who: str
    optional: bool
    choices: tuple[str, ...]

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Line:
    """`state` is done, now or empty."""

    node: str
    do: str
    kind: str
    text: str
    points: tuple[str, ...]
    fills: tuple[Fill, ...]
    state: str
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    notes: str
    lines: tuple[Line, ...]


def guide(graph: Procedure, run: ProcedureRun | None = None, steps: Sequence[ProcedureStep] = ()) -> list[Part]:
    known = run.kept.get("known", {}) if run else {}
    here = run.stop.get("node", "") if run and run.ended_at is None else ""
    passed = {step.node: step for step in steps}
    parts = [
        Part(step.title, step.notes, tuple(_lines(graph, at, known, here, passed)))
        for at, step in enumerate(graph.steps)
    ]
    return [part for part in parts if part.lines]


def fills(graph: Procedure, run: ProcedureRun) -> list[Fill]:
    """What is known of what it needs."""
    return [_fill(slot, run.kept.get("known", {})) for slot in graph.slots]


def _lines(graph: Procedure, at: int, known: dict[str, Any], here: str, passed: dict[str, ProcedureStep]) -> list[Line]:
    return [_line(graph, node, known, here, passed.get(node.id)) for node in graph.of(at) if _is_shown(node)]


def _is_shown(node: Node) -> bool:
    return node.do not in NOT_SHOWN or (node.do == "branch" and node.guard)


def _line(graph: Procedure, node: Node, known: dict[str, Any], here: str, step: ProcedureStep | None) -> Line:
    names = node.slots if node.do in ("ask", "task") else ()
    state = "now" if node.id == here else "done" if step else ""
    return Line(
        node=node.id,
        do=node.do,
        kind="" if node.do == "task" else kind_of(node),
        text=text_of(node),
        points=node.points if node.do == "task" else (),
        fills=tuple(_fill(slot, known) for name in names if (slot := graph.slot(name))),
        state=state,
        by=step.by_name if step else "",
        at=step.at if step else None,
    )


def _fill(slot: Slot, known: dict[str, Any]) -> Fill:
    value = known.get(slot.name) or {}
    return Fill(
        slot.name,
        next(iter(slot.question.values())),
        spoken(value.get("content")),
        WHO.get(value.get("source", ""), ""),
        slot.optional,
        tuple(option.value for option in slot.options),
    )
