"""From the tree of lines to the graph: every line becomes a node that knows what comes next."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from towerdesk.assistant.procedures.document import Item, Section
from towerdesk.assistant.procedures.faults import Fault, Wrong
from towerdesk.assistant.procedures.lines import (
    LANGUAGE,
    WORDS,
    Line,
    code,
    made,
    read_call,
    read_line,
    read_names,
)
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
    Read,
    Refuse,
    Say,
    Set,
    Step,
    Task,
    Text,
    Write,
)
from towerdesk.assistant.procedures.texts import check_text

ELSE = ("otherwise refuse", "otherwise hand over", "otherwise go to", "otherwise ask again for")
ALONE = ("undo", "fill in", "otherwise", "otherwise if", *ELSE)
"""They say more about the line before them, or above them."""
WITH_LINES = ("if", "otherwise if", "otherwise", "for each")


@dataclass(slots=True)
class Graph:
    """What is made so far. Nodes are made from the end to the beginning, since each names the next one."""

    language: str
    faults: list[Fault]
    titles: dict[str, int]  # heading, small -> index of its step
    asks: dict[str, str] = field(default_factory=dict)  # slot -> the node that asks for it first
    nodes: dict[str, Node] = field(default_factory=dict)

    def fault(self, line: int, sentence: str) -> None:
        self.faults.append(Fault(line, sentence))


@dataclass(frozen=True, slots=True)
class Said:
    """A line that could be read, with its place."""

    item: Item
    line: Line


def build(sections: Sequence[Section], language: str, faults: list[Fault]) -> tuple[tuple[Step, ...], tuple[Node, ...]]:
    graph = Graph(language, faults, {small(section.title): at for at, section in enumerate(sections)})
    for section in sections:
        _collect_asks(graph, section.items, sections.index(section))
    firsts = [f"{at + 1}" for at in range(len(sections))]
    for at, section in enumerate(sections):
        following = firsts[at + 1] if at + 1 < len(sections) else END
        first = _lines(graph, section.items, at, following)
        graph.nodes[firsts[at]] = Say(id=firsts[at], step=at, line=section.line, next=first, text={})
    steps = tuple(
        Step(title=section.title, line=section.line, notes=section.notes, first=first)
        for section, first in zip(sections, firsts, strict=True)
    )
    return _without_detours(steps, graph.nodes)


def small(title: str) -> str:
    return " ".join(title.lower().strip(" .“”\"'`").split())


def node_id(step: int, line: int) -> str:
    return f"{step + 1}:{line}"


def _collect_asks(graph: Graph, items: Sequence[Item], step: int) -> None:
    """Where each slot is first asked for: that is where `Ask again` leads back to."""
    for item in items:
        found = re.match(r"ask:(.+)$", item.text, re.I | re.S)
        if found:
            for name in re.split(r",|\band\b", found.group(1)):
                graph.asks.setdefault(name.strip(" `."), node_id(step, item.line))
        _collect_asks(graph, item.below, step)


def _lines(graph: Graph, items: Sequence[Item], step: int, following: str) -> str:
    """Make the nodes of a list of lines; returns the id of the first."""
    said = _read(graph, items)
    then = following
    for at in range(len(said) - 1, -1, -1):
        if said[at].line.word in ALONE:
            continue
        more = _belonging(said, at)
        try:
            then = _node(graph, said[at], more, step, then)
        except Wrong as wrong:
            graph.fault(said[at].item.line, str(wrong))
    return then


def _read(graph: Graph, items: Sequence[Item]) -> list[Said]:
    said: list[Said] = []
    for item in items:
        try:
            line = read_line(item.text)
        except Wrong as wrong:
            graph.fault(item.line, str(wrong))
            continue
        _must_stand_there(graph, said, item, line)
        said.append(Said(item, line))
    return said


def _must_stand_there(graph: Graph, said: list[Said], item: Item, line: Line) -> None:
    before = said[-1].line.word if said else ""
    if line.word in ELSE and before != "require":
        graph.fault(item.line, f"“{line.word.capitalize()}” stands right below a “Require” line.")
    if line.word in ("otherwise", "otherwise if") and before not in ("if", "otherwise if"):
        graph.fault(item.line, f"“{line.word.capitalize()}” stands right below what “If” says.")
    if line.word in ("undo", "fill in"):
        above = "Write" if line.word == "undo" else "Do"
        graph.fault(item.line, f"“{line.word.capitalize()}” is indented below the “{above}” line that it belongs to.")


def _belonging(said: list[Said], at: int) -> list[Said]:
    more = []
    for one in said[at + 1 :]:
        if one.line.word not in ALONE:
            break
        more.append(one)
    return more


def _node(graph: Graph, said: Said, more: list[Said], step: int, following: str) -> str:
    item, line = said.item, said.line
    place: dict[str, Any] = {"id": node_id(step, item.line), "step": step, "line": item.line, "next": following}
    _must_have_below(item, line)
    maker = MAKERS[line.word]
    node = maker(graph, said, more, place)
    if isinstance(node, str):  # the id of another node: a jump
        return node
    graph.nodes[node.id] = node
    return node.id


def _must_have_below(item: Item, line: Line) -> None:
    allowed = (*WITH_LINES, "write", "do", "say", "refuse", "confirm")
    if item.below and line.word not in allowed:
        raise Wrong(f"Nothing can be indented below “{line.word.capitalize()}”.")
    if line.word in WITH_LINES and not item.below:
        raise Wrong(f"Indent below “{line.word.capitalize()}” what is to be done then.")
    if line.word in WITH_LINES and line.rest:
        raise Wrong("What is to be done then stands on lines of its own, indented below this.")


def _ask(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> Node:
    return Ask(**place, slots=read_names(said.line.rest))


def _read_call(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> Node:
    name, call = made(said.line.rest)
    return Read(**place, name=name, call=read_call(call))


def _write(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> Node:
    name, call = made(said.line.rest)
    return Write(**place, name=name, call=read_call(call), undo=_undo(graph, said.item))


def _undo(graph: Graph, item: Item) -> Call | None:
    undo = None
    for below in item.below:
        try:
            line = read_line(below.text)
            if line.word != "undo":
                raise Wrong("Only “Undo” can be indented below “Write”.")
            undo = read_call(line.rest)
        except Wrong as wrong:
            graph.fault(below.line, str(wrong))
    return undo


def _set(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> Node:
    name, value = made(said.line.rest)
    return Set(**place, name=name, value=code(value))


def _if(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> Node:
    otherwise = place["next"]
    for one in reversed(more):
        if one.line.word == "otherwise":
            _must_have_below(one.item, one.line)
            otherwise = _lines(graph, one.item.below, place["step"], place["next"])
        else:
            otherwise = _branch(graph, one, otherwise, place)
    yes = _lines(graph, said.item.below, place["step"], place["next"])
    return Branch(**place | {"next": yes}, when=code(said.line.about), otherwise=otherwise)


def _branch(graph: Graph, said: Said, otherwise: str, place: dict[str, Any]) -> str:
    _must_have_below(said.item, said.line)
    own = node_id(place["step"], said.item.line)
    yes = _lines(graph, said.item.below, place["step"], place["next"])
    graph.nodes[own] = Branch(
        id=own, step=place["step"], line=said.item.line, next=yes, when=code(said.line.about), otherwise=otherwise
    )
    return own


def _each(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> Node:
    found = re.match(r"^`?([A-Za-z]\w*)`? in (.+)$", said.line.about, re.S)
    if found is None:
        raise Wrong(f"Write it like “{WORDS['for each']}”.")
    body = _lines(graph, said.item.below, place["step"], place["id"])
    return Each(**place, name=found.group(1), over=code(found.group(2)), body=body)


def _require(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> Node:
    if not more:
        raise Wrong("Say on the next line what happens otherwise: “Otherwise refuse: …”, “Otherwise hand over: …”.")
    [other, *_] = more
    word = other.line.word.removeprefix("otherwise ")
    there = {"id": node_id(place["step"], other.item.line), "step": place["step"], "line": other.item.line, "next": END}
    otherwise = MAKERS[word](graph, Said(other.item, Line(word, other.line.about, other.line.rest)), [], there)
    if not isinstance(otherwise, str):
        graph.nodes[otherwise.id] = otherwise
        otherwise = otherwise.id
    return Branch(**place, when=code(said.line.rest), otherwise=otherwise, guard=True)


def _ask_again(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> Node:
    [slot] = read_names(said.line.about)[:1]
    back = graph.asks.get(slot)
    if back is None:
        raise Wrong(f"“{slot}” is never asked for: there must be an “Ask: {slot}” line to come back to.")
    return AskAgain(**place | {"next": back}, slot=slot, text=_text(graph, said))


def _check(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> Node:
    return Check(**place, holds=code(said.line.rest))


def _confirm(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> Node:
    return Confirm(**place, text=_text(graph, said))


def _approve(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> Node:
    when = code(said.line.about) if said.line.about else "True"
    return Approve(**place, why=_words(said.line.rest, "why a person has to agree"), when=when)


def _say(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> Node:
    return Say(**place, text=_text(graph, said))


def _refuse(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> Node:
    return Refuse(**place, text=_text(graph, said))


def _hand_over(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> Node:
    return HandOver(**place, why=_words(said.line.rest, "why a person takes over"))


def _go_to(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> str:
    step = graph.titles.get(small(said.line.rest))
    if step is None:
        raise Wrong(f"No heading is called “{said.line.rest}”.")
    return f"{step + 1}"


def _done(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> Node:
    return Done(**place)


def _task(graph: Graph, said: Said, more: list[Said], place: dict[str, Any]) -> Node:
    points: list[str] = []
    slots: tuple[str, ...] = ()
    for below in said.item.below:
        if re.match(r"fill in:", below.text, re.I):
            slots += read_names(below.text.partition(":")[2])
        else:
            points.append(below.text)
    return Task(**place, text=_words(said.line.rest, "what is to be done"), points=tuple(points), slots=slots)


def _text(graph: Graph, said: Said) -> Text:
    text = {graph.language: said.line.rest}
    for below in said.item.below:
        found = LANGUAGE.match(below.text)
        if found is None:
            raise Wrong("Below what is said stands only the same in other languages, such as “de: …”.")
        text[found.group(1)] = found.group(2)
    check_text(text)
    return text


def _words(text: str, what: str) -> str:
    if not text:
        raise Wrong(f"Say {what}.")
    return text


MAKERS: dict[str, Callable[[Graph, Said, list[Said], dict[str, Any]], Node | str]] = {
    "ask": _ask, "read": _read_call, "write": _write, "set": _set, "if": _if, "for each": _each, "require": _require,
    "check": _check, "confirm": _confirm, "approve": _approve, "approve if": _approve, "say": _say, "do": _task,
    "refuse": _refuse, "hand over": _hand_over, "go to": _go_to, "done": _done, "ask again for": _ask_again,
}  # fmt: skip


def _without_detours(steps: tuple[Step, ...], nodes: dict[str, Node]) -> tuple[tuple[Step, ...], tuple[Node, ...]]:
    """A heading's made-up first node stands only for the real one after it."""

    def real(at: str) -> str:
        seen: set[str] = set()
        while (node := nodes.get(at)) and at not in seen and node.do == "say" and not node.text:
            seen.add(at)
            at = node.next
        return END if at in seen else at

    kept = []
    for node in nodes.values():
        if node.do == "say" and not node.text:
            continue
        changed = {"next": real(node.next)}
        if node.do == "branch":
            changed["otherwise"] = real(node.otherwise)
        if node.do == "each":
            changed["body"] = real(node.body)
        kept.append(node.model_copy(update=changed))
    kept.sort(key=lambda node: node.line)
    return tuple(step.model_copy(update={"first": real(step.first)}) for step in steps), tuple(kept)
