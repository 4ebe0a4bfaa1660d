"""A procedure's graph as a picture: boxes in rows and columns with the lines between them, drawn as SVG by a template.

What comes next stands below, what a check leads aside to stands to the right, and what goes back goes round on the left.
A layered drawing in the sense of Sugiyama, without his crossing reduction: procedures are nearly straight.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from towerdesk.assistant.procedures.model import FINAL, Node, Procedure, after

WIDE, HIGH = 216, 42
"""Of a box, in pixels of the picture."""
DOWN, ASIDE, TITLE, EDGE = 22, 56, 22, 30
"""Between rows, between columns, above a step's first row for its title, and around all."""
LANES, APART = 5, 6
"""Lines in the same gap keep apart."""
LETTERS, CODE_LETTERS = 36, 31
"""That fit into a box; of an expression, whose letters are wider."""
CODE = ("guard", "branch", "check", "set", "each", "read", "write")

KINDS = {
    "ask": "Ask",
    "ask_again": "Ask again",
    "read": "Look up",
    "write": "Do",
    "set": "Work out",
    "branch": "If",
    "check": "Check afterwards",
    "each": "For each",
    "confirm": "Ask for a yes",
    "approve": "Approval",
    "say": "Say",
    "task": "By hand",
    "refuse": "Refuse",
    "hand_over": "Hand over",
    "done": "Done",
}


@dataclass(frozen=True, slots=True)
class Box:
    """`line` is the line of the text that it comes from."""

    id: str
    do: str
    kind: str
    text: str
    short: str
    line: int
    x: int
    y: int
    wrong: bool = False

    @property
    def middle(self) -> int:
        return self.x + WIDE // 2

    @property
    def low(self) -> int:
        return self.y + HIGH

    @property
    def right(self) -> int:
        return self.x + WIDE

    @property
    def half(self) -> int:
        return self.y + HIGH // 2


@dataclass(frozen=True, slots=True)
class Edge:
    path: str
    back: bool = False
    says: str = ""
    x: int = 0
    y: int = 0


@dataclass(frozen=True, slots=True)
class Title:
    text: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Graph:
    width: int
    height: int
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    titles: tuple[Title, ...]

    box = (WIDE, HIGH)


def draw(procedure: Procedure, wrong: Collection[int] = ()) -> Graph:
    """`wrong`: the lines that have a fault."""
    nodes = {node.id: node for node in procedure.nodes}
    forward = _forward(nodes, procedure.start)
    rows = _rows(nodes, forward)
    columns = _columns(nodes, rows, _depths(forward), procedure.start)
    tops = _tops(procedure, rows)
    boxes = {
        name: _box(nodes[name], EDGE + column * (WIDE + ASIDE), tops[rows[name]], wrong)
        for name, column in columns.items()
    }
    titles = tuple(
        Title(step.title, boxes[step.first].x, boxes[step.first].y - 8)
        for step in procedure.steps
        if step.first in boxes
    )
    edges = tuple(_edges(nodes, boxes, rows, columns))
    return Graph(
        width=max(box.right for box in boxes.values()) + EDGE,
        height=max(box.low for box in boxes.values()) + EDGE // 2,
        boxes=tuple(boxes.values()),
        edges=edges,
        titles=titles,
    )


type Nodes = Mapping[str, Node]


def _forward(nodes: Nodes, start: str) -> dict[str, list[str]]:
    """Where each node leads on to, without what leads back to where one has been; in an order in which they can be placed."""
    found: dict[str, list[str]] = {}
    under_way: list[tuple[str, Iterator[str]]] = []
    on_the_way: set[str] = set()

    def enter(name: str) -> None:
        found[name] = []
        on_the_way.add(name)
        under_way.append((name, iter([one for one in after(nodes[name]) if one in nodes])))

    enter(start)
    done: list[str] = []
    while under_way:
        name, rest = under_way[-1]
        one = next(rest, None)
        if one is None:
            under_way.pop()
            on_the_way.discard(name)
            done.append(name)
        elif one not in on_the_way:
            found[name].append(one)
            if one not in found:
                enter(one)
    return {name: found[name] for name in reversed(done)}


def _rows(nodes: Nodes, forward: Mapping[str, list[str]]) -> dict[str, int]:
    """As far down as the longest way to it; an end that a check leads to stands beside the check."""
    rows = dict.fromkeys(forward, 0)
    for name, following in forward.items():
        for one in following:
            rows[one] = max(rows[one], rows[name] + (0 if _is_aside(nodes[name], nodes[one]) else 1))
    return rows


def _is_aside(node: Node, one: Node) -> bool:
    return node.do == "branch" and one.id == node.otherwise != node.next and (one.do in FINAL or one.do == "ask_again")


def _columns(nodes: Nodes, rows: Mapping[str, int], depths: Mapping[str, int], start: str) -> dict[str, int]:
    """The longest way goes straight down; every other one begins in the next column that is free."""
    columns: dict[str, int] = {}
    taken: set[tuple[int, int]] = set()
    waiting = [(start, 0)]
    while waiting:
        name, column = waiting.pop()
        if name in columns:
            continue
        while (rows[name], column) in taken:
            column += 1
        columns[name] = column
        taken.add((rows[name], column))
        ways = [one for one in after(nodes[name]) if one in rows]
        ways.sort(key=lambda one: -depths[one])
        if nodes[name].do == "each":
            ways.sort(key=lambda one: one == nodes[name].body)
        waiting += [(one, column + place) for place, one in reversed(list(enumerate(ways)))]
    return columns


def _depths(forward: Mapping[str, list[str]]) -> dict[str, int]:
    """How long the longest way from each node to an end is."""
    depths: dict[str, int] = {}
    for name in reversed(forward):
        depths[name] = 1 + max((depths[one] for one in forward[name]), default=0)
    return depths


def _tops(procedure: Procedure, rows: Mapping[str, int]) -> list[int]:
    begins = {rows[step.first] for step in procedure.steps if step.first in rows}
    tops, y = [], EDGE // 2
    for row in range(max(rows.values()) + 1):
        y += TITLE if row in begins else 0
        tops.append(y)
        y += HIGH + DOWN
    return tops


def _box(node: Node, x: int, y: int, wrong: Collection[int]) -> Box:
    text = " ".join(text_of(node).split())
    most = CODE_LETTERS if _do(node) in CODE else LETTERS
    short = text if len(text) <= most else text[: most - 1].rstrip() + "…"
    return Box(node.id, _do(node), kind_of(node), text, short, node.line, x, y, node.line in wrong)


def _do(node: Node) -> str:
    return "guard" if node.do == "branch" and node.guard else node.do


def kind_of(node: Node) -> str:
    return "Require" if _do(node) == "guard" else KINDS[node.do]


def text_of(node: Node) -> str:
    match node.do:
        case "ask" | "ask_again":
            return ", ".join(_plain(name) for name in (node.slots if node.do == "ask" else [node.slot]))
        case "read" | "write":
            return node.call.tool
        case "set":
            return f"{_plain(node.name)} = {node.value}"
        case "branch":
            return node.when
        case "check":
            return node.holds
        case "each":
            return f"{_plain(node.name)} of {node.over}"
        case "approve":
            return node.why + ("" if node.when == "True" else f", if {node.when}")
        case "hand_over":
            return node.why
        case "task":
            return node.text
        case "confirm" | "say" | "refuse":
            return next(iter(node.text.values()), "")
    return ""


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _edges(
    nodes: Nodes, boxes: Mapping[str, Box], rows: Mapping[str, int], columns: Mapping[str, int]
) -> Iterator[Edge]:
    used: dict[int, int] = {}

    def lane(column: int) -> int:
        used[column] = used.get(column, -1) + 1
        return used[column] % LANES * APART

    for name, here in boxes.items():
        ways = [other for other in after(nodes[name]) if other in boxes]
        for other in dict.fromkeys(ways):
            there, says = boxes[other], _says(nodes[name], other) if len(ways) > 1 else ""
            beside = {"says": says, "x": here.right + 8, "y": here.half - 5}
            if rows[other] < rows[name]:
                yield Edge(_back(here, there, lane(-1) // 2), back=True)
            elif rows[other] == rows[name]:
                yield Edge(f"M{here.right} {here.half}H{there.x}", **beside)
            elif columns[other] == columns[name] and rows[other] == rows[name] + 1:
                yield Edge(f"M{here.middle} {here.low}V{there.y}", says=says, x=here.middle + 6, y=here.low + 13)
            else:
                x = here.right + 10 + lane(columns[name])
                yield Edge(f"M{here.right} {here.half}H{x}V{there.y - 8}H{there.middle}V{there.y}", **beside)


def _back(here: Box, there: Box, aside: int) -> str:
    """Round on the left, or, from a column further to the right, up in the gap before it."""
    x = here.x - 12 - aside
    if here.x == there.x:
        return f"M{here.x} {here.half}H{x}V{there.half}H{there.x}"
    return f"M{here.x} {here.half}H{x}V{there.half + 8}H{there.right}"


def _says(node: Node, other: str) -> str:
    if node.do == "branch":
        return "no" if other == node.otherwise else "" if node.guard else "yes"
    return "each" if node.do == "each" and other == node.body else ""
