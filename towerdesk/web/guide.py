"""A procedure as the checklist of whoever goes by it: its steps, and in each what is to be done and found out."""

from collections.abc import Iterator
from dataclasses import dataclass

from towerdesk.assistant.procedures.model import Node, Procedure, Slot
from towerdesk.web.graphs import kind_of, text_of

NOT_SHOWN = ("set", "each", "ask_again", "refuse", "hand_over", "done")
"""They are how it goes on, not something to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """`fills` is what is to be known afterwards."""

    kind: str
    text: str
    points: tuple[str, ...]
    fills: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    notes: str
    lines: tuple[Line, ...]


def guide(graph: Procedure) -> list[Part]:
    parts = [Part(step.title, step.notes, tuple(_lines(graph, at))) for at, step in enumerate(graph.steps)]
    return [part for part in parts if part.lines]


def _lines(graph: Procedure, at: int) -> Iterator[Line]:
    for node in graph.of(at):
        if node.do in NOT_SHOWN or (node.do == "branch" and not node.guard):
            continue
        names = node.slots if node.do in ("ask", "task") else ()
        fills = tuple(slot for name in names if (slot := graph.slot(name)))
        yield Line(_kind(node), text_of(node), node.points if node.do == "task" else (), fills)


def _kind(node: Node) -> str:
    return "" if node.do == "task" else kind_of(node)
