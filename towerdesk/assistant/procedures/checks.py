"""What must hold of a graph before it may run: what it knows, what it calls, and that nothing is written unasked."""

from collections.abc import Callable, Iterator

from towerdesk.assistant.procedures.expressions import constant, names
from towerdesk.assistant.procedures.faults import Fault
from towerdesk.assistant.procedures.model import END, Call, Node, Procedure, Write, after
from towerdesk.assistant.procedures.sources import GIVEN, may_come_from
from towerdesk.assistant.procedures.texts import names_of
from towerdesk.assistant.procedures.tools import ArgumentLike, ToolLike, Tools

RISKS = ("information", "account", "money")
SAID = {"customer": "what the customer wrote", "requester": "who the requester is", "tool": "a tool's answer",
        "agent": "a person of ours", "procedure": "the procedure itself"}  # fmt: skip


def check(procedure: Procedure, tools: Tools) -> list[Fault]:
    faults = [
        *_reached(procedure),
        *_known(procedure),
        *_asked(procedure),
        *_calls(procedure, tools),
        *_confirmed(procedure, tools),
        *_done_checks(procedure, tools),
        *_risk(procedure, tools),
    ]
    return sorted(set(faults))


def _reached(procedure: Procedure) -> Iterator[Fault]:
    reached = _reachable(procedure)
    for at, step in enumerate(procedure.steps):
        inside = list(procedure.of(at))
        lost = [node for node in inside if node.id not in reached]
        if inside and len(lost) == len(inside):
            yield Fault(step.line, f"The step “{step.title}” is never reached.")
        elif lost:
            yield Fault(lost[0].line, "This line is never reached.")
        if not inside:
            yield Fault(step.line, f"The step “{step.title}” says nothing: give it a line, such as “- Do: …”.")


def _reachable(procedure: Procedure) -> set[str]:
    seen: set[str] = set()
    ahead = [procedure.start]
    nodes = {node.id: node for node in procedure.nodes}
    while ahead:
        at = ahead.pop()
        if at != END and at not in seen:
            seen.add(at)
            ahead += after(nodes[at])
    return seen


def _known(procedure: Procedure) -> Iterator[Fault]:
    """Every name is known on every way that leads to where it is used."""
    known = _must(procedure, frozenset(GIVEN), _makes, lambda one, other: one & other)
    somewhere = {name for node in procedure.nodes for name in _makes(frozenset(), node)} | set(GIVEN)
    for node in procedure.nodes:
        if node.id not in known:
            continue
        for name in sorted(_uses(node, procedure) - known[node.id]):
            if name not in somewhere and procedure.slot(name) is None:
                yield Fault(node.line, f"“{name}” is not known: nothing is called so.")
            elif procedure.slot(name) is not None:
                yield Fault(node.line, f"“{name}” may not be known here yet: ask for it first.")
            else:
                yield Fault(node.line, f"“{name}” may not be known here yet: it is read or set on another way.")


def _must[T](
    procedure: Procedure, start: T, through: Callable[[T, Node], T], meet: Callable[[T, T], T]
) -> dict[str, T]:
    """What surely holds before each node that can be reached, whichever way was taken."""
    nodes = {node.id: node for node in procedure.nodes}
    before = {procedure.start: start} if procedure.start != END else {}
    ahead = list(before)
    while ahead:
        at = ahead.pop()
        then = through(before[at], nodes[at])
        for following in after(nodes[at]):
            if following == END:
                continue
            found = meet(before[following], then) if following in before else then
            if following not in before or found != before[following]:
                before[following] = found
                ahead.append(following)
    return before


def _makes(known: frozenset[str], node: Node) -> frozenset[str]:
    if node.do in ("read", "write", "set", "each"):
        return known | {node.name}
    if node.do == "ask":
        return known | set(node.slots)
    if node.do == "task":
        return known | set(node.slots)
    if node.do == "ask_again":
        return known - {node.slot}
    return known


def _uses(node: Node, procedure: Procedure) -> set[str]:
    if node.do in ("read", "write"):
        calls = [node.call, *([node.undo] if node.do == "write" and node.undo else [])]
        used = {name for call in calls for value in call.arguments.values() for name in names(value)}
        return used - ({node.name} if node.do == "write" else set())
    if node.do == "ask":
        among = [slot.among for name in node.slots if (slot := procedure.slot(name)) and slot.among]
        return {name for expression in among for name in names(expression)}
    if node.do in ("say", "refuse", "confirm", "ask_again"):
        return names_of(node.text)
    expressions = {"set": "value", "branch": "when", "check": "holds", "each": "over", "approve": "when"}
    return names(getattr(node, expressions[node.do])) if node.do in expressions else set()


def _asked(procedure: Procedure) -> Iterator[Fault]:
    """What is needed is also asked for, and what is asked for is described."""
    for name in procedure.if_said:
        slot = procedure.slot(name)
        if slot is None or (slot.among and not slot.pattern):
            yield Fault(
                1, f"“{name}” after if_said must be something that we need, and be told by a pattern or its kind."
            )
    asked: dict[str, int] = {}
    for node in procedure.nodes:
        if node.do in ("ask", "task"):
            for name in node.slots:
                asked.setdefault(name, node.line)
                if procedure.slot(name) is None:
                    yield Fault(node.line, f"“{name}” is asked for, but not described under “What we need”.")
    made = {node.name for node in procedure.nodes if node.do in ("set", "read", "each", "write")}
    for slot in procedure.slots:
        if slot.name not in asked and slot.name not in made:
            yield Fault(slot.line, f"“{slot.name}” is never filled: no line asks for it.")
        elif slot.name in asked and not {"customer", "agent"} & set(slot.sources):
            yield Fault(slot.line, f"“{slot.name}” is asked for, but may come from nobody who could be asked.")


def _calls(procedure: Procedure, tools: Tools) -> Iterator[Fault]:
    for node in procedure.nodes:
        if node.do == "read":
            yield from _call(node.line, node.call, procedure, tools, "read")
        elif node.do == "write":
            yield from _call(node.line, node.call, procedure, tools, "write")
            if node.undo:
                yield from _call(node.line, node.undo, procedure, tools, "undo")


def _call(line: int, call: Call, procedure: Procedure, tools: Tools, how: str) -> Iterator[Fault]:
    tool = tools.get(call.tool)
    if tool is None:
        near = ", ".join(sorted(name for name in tools if name.split(".")[0] == call.tool.split(".")[0]))
        yield Fault(
            line, f"There is no tool “{call.tool}”" + (f": there are {near}." if near else ": it is not connected.")
        )
        return
    if how == "read" and tool.effect != "read":
        yield Fault(line, f"“{call.tool}” changes something: begin the line with “Write”.")
    if how == "write" and tool.effect == "read":
        yield Fault(line, f"“{call.tool}” only reads: begin the line with “Read”.")
    yield from _arguments(line, call, procedure, tool)


def _arguments(line: int, call: Call, procedure: Procedure, tool: ToolLike) -> Iterator[Fault]:
    known = {argument.name: argument for argument in tool.arguments}
    for name, value in call.arguments.items():
        if name not in known:
            yield Fault(line, f"“{call.tool}” takes no “{name}”: it takes {', '.join(known) or 'nothing'}.")
        else:
            yield from _argument(line, call, known[name], value, procedure, tool)
    for name, argument in known.items():
        if argument.required and name not in call.arguments:
            yield Fault(line, f"“{call.tool}” is not told its “{name}”.")


def _argument(
    line: int, call: Call, argument: ArgumentLike, value: str, procedure: Procedure, tool: ToolLike
) -> Iterator[Fault]:
    is_constant, content = constant(value)
    if is_constant and argument.choices and str(content) not in argument.choices:
        yield Fault(
            line, f"“{argument.name}” of “{call.tool}” is one of {', '.join(argument.choices)}, not “{content}”."
        )
    sources = may_come_from(value, procedure)
    if argument.name == tool.person and "customer" in sources:
        yield Fault(
            line,
            f"“{argument.name}” of “{call.tool}” says whose data it is, and may not come from what the customer wrote: "
            "use requester.email or an earlier answer.",
        )
    elif not sources <= set(argument.sources):
        [wrong, *_] = sorted(sources - set(argument.sources))
        yield Fault(line, f"“{argument.name}” of “{call.tool}” may not come from {SAID[wrong]}.")


def _confirmed(procedure: Procedure, tools: Tools) -> Iterator[Fault]:
    """On every way to a write the customer has said yes after the last thing they were asked for."""

    def through(confirmed: bool, node: Node) -> bool:
        if node.do in ("ask", "ask_again"):
            return False
        return confirmed or node.do == "confirm"

    before = _must(procedure, False, through, lambda one, other: one and other)
    for node in procedure.nodes:
        if node.do == "write" and not before.get(node.id, True):
            yield Fault(
                node.line, f"“{node.call.tool}” is called before it was confirmed: put a “Confirm” line before it."
            )


def _done_checks(procedure: Procedure, tools: Tools) -> Iterator[Fault]:
    nodes = {node.id: node for node in procedure.nodes}
    for node in procedure.nodes:
        if node.do != "write":
            continue
        tool = tools.get(node.call.tool)
        if not (tool and tool.read_back) and not _is_checked(node, nodes):
            yield Fault(
                node.line,
                f"Nothing makes sure that “{node.call.tool}” came about: read it back and add a “Check” line below it.",
            )


def _is_checked(write: Write, nodes: dict[str, Node]) -> bool:
    """The next thing after it, but for reads and reckoning, is a check."""
    at, seen = write.next, set[str]()
    while at != END and at not in seen:
        seen.add(at)
        node = nodes[at]
        if node.do == "check":
            return True
        if node.do not in ("read", "set"):
            return False
        at = node.next
    return False


def _risk(procedure: Procedure, tools: Tools) -> Iterator[Fault]:
    for node in procedure.nodes:
        tool = tools.get(node.call.tool) if node.do == "write" else None
        if tool is None or node.do != "write":
            continue
        least = "money" if tool.amount or tool.effect == "final" else "account"
        if RISKS.index(procedure.risk) < RISKS.index(least):
            does = (
                "moves money"
                if tool.amount
                else "can't be taken back"
                if tool.effect == "final"
                else "changes something"
            )
            yield Fault(node.line, f"“{node.call.tool}” {does}: the head of the page must say “risk: {least}”.")
