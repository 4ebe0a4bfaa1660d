"""Where the values of people's calls came from: what was known, an earlier answer, the customer's words, or a person's head.

Only an expression that gives the right value on every one of the past tickets is one.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from towerdesk.assistant.procedures.document import Item
from towerdesk.assistant.procedures.expressions import CannotTell, evaluate
from towerdesk.assistant.procedures.find import find
from towerdesk.assistant.procedures.lines import NAME
from towerdesk.assistant.procedures.needs import read_need
from towerdesk.assistant.procedures.values import as_json
from towerdesk.connectors.contract import Argument
from towerdesk.rehearsal.gaps.deeds import Deed
from towerdesk.rehearsal.gaps.procedures.shapes import pattern_of

DEEP = 3
KINDS = {"text": "text", "list": "text", "record": "text"}


@dataclass(slots=True)
class Case:
    """One past ticket. `known`: what an expression may read there, which grows as the calls are told; `texts`: the customer's."""

    ticket: int
    texts: Sequence[str]
    deeds: Sequence[Deed]
    known: dict[str, Any] = field(default_factory=dict)

    def named(self, at: int, argument: str) -> str:
        """The name under which the answer is known that the journal says this value was taken from."""
        source = self.deeds[at].sources.get(argument, {})
        said = source.get("said") if source.get("source") == "tool" else None
        earlier = next((one for one in self.deeds[:at] if one.call == said), None)
        return next((name for name, value in self.known.items() if earlier and value == earlier.answer), "")


@dataclass(frozen=True, slots=True)
class Origin:
    """`need`: the line that asks for it, when it has to be asked for; `whom`: customer, agent, or record (one of those read)."""

    expression: str
    slot: str = ""
    need: str = ""
    whom: str = ""
    also: tuple[str, ...] = ()  # what would have given the same


def origin(argument: Argument, at: int, cases: Sequence[Case], whose: Mapping[str, set[str]], free: str) -> Origin:
    """Of an argument of the deed `at`. `whose`: of each name, whose word it may be. `free`: how a slot would be called."""
    values = [case.deeds[at].given[argument.name] for case in cases]
    named = {case.named(at, argument.name) for case in cases}
    fit = [
        path
        for path in sorted(_paths(cases[0].known), key=lambda path: path.partition(".")[0] not in named)
        if whose[path.partition(".")[0]] <= set(argument.sources) and _gives(path, values, cases)
    ]
    if fit:
        return _best(fit, argument)
    if "procedure" in argument.sources and len(cases) > 1 and len({str(value) for value in values}) == 1:
        return Origin(json.dumps(values[0], ensure_ascii=False) if isinstance(values[0], str) else str(values[0]))
    return _a_record(argument, values, cases, free) or _asked(argument, values, cases, free)


def _best(fit: Sequence[str], argument: Argument) -> Origin:
    """Of what fits in the same answer, the field that is called as the argument is."""
    beside = [path for path in fit if path.partition(".")[0] == fit[0].partition(".")[0]]
    called = next((path for path in beside if path.rpartition(".")[2] == argument.name), "")
    return Origin(called) if called else Origin(beside[0], also=tuple(beside[1:]))


def _paths(known: Mapping[str, Any], before: str = "", deep: int = DEEP) -> Iterable[str]:
    for name, value in known.items():
        if not NAME.match(str(name)):
            continue
        path = f"{before}.{name}" if before else str(name)
        if isinstance(value, Mapping):
            if deep > 1:
                yield from _paths(value, path, deep - 1)
        elif not isinstance(value, list) and value not in (None, ""):
            yield path


def _gives(expression: str, values: Sequence[Any], cases: Sequence[Case]) -> bool:
    return all(same(value_of(expression, case.known), value) for case, value in zip(cases, values, strict=True))


def value_of(expression: str, known: Mapping[str, Any]) -> Any:
    """None when it can't be told."""
    try:
        return as_json(evaluate(expression, known))
    except CannotTell:
        return None


def same(one: Any, other: Any) -> bool:
    return one is not None and str(one) == str(other)


def _a_record(argument: Argument, values: Sequence[Any], cases: Sequence[Case], free: str) -> Origin | None:
    """One of a list that was read before, such as one of their orders."""
    if "tool" not in argument.sources:
        return None
    for path in _lists(cases[0].known):
        for name in _fields(value_of(path, cases[0].known)):
            if all(_is_listed(path, name, value, case) for case, value in zip(cases, values, strict=True)):
                pattern = pattern_of([str(value) for value in values])
                like = f", like `{pattern}`" if pattern else ""
                title = argument.title or argument.name.replace("_", " ")
                for case, value in zip(cases, values, strict=True):
                    records = value_of(path, case.known)
                    case.known[free] = next(one for one in records if same(one.get(name), value))
                need = f"- {free} (one of {path} by {name}{like}, or the only one): Which {title.lower()} is it about?"
                return Origin(f"{free}.{name}", free, need, "record")
    return None


def _lists(known: Mapping[str, Any], before: str = "", deep: int = DEEP) -> Iterable[str]:
    for name, value in known.items():
        path = f"{before}.{name}" if before else str(name)
        if isinstance(value, Mapping) and deep > 1 and NAME.match(str(name)):
            yield from _lists(value, path, deep - 1)
        elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            yield path


def _fields(records: Any) -> list[str]:
    return [name for name in records[0] if NAME.match(str(name))] if records else []


def _is_listed(path: str, name: str, value: Any, case: Case) -> bool:
    records = value_of(path, case.known)
    return isinstance(records, list) and any(isinstance(one, Mapping) and same(one.get(name), value) for one in records)


def _asked(argument: Argument, values: Sequence[Any], cases: Sequence[Case], free: str) -> Origin:
    """Of the customer, when most of them had said it in a form that is found; else a person of ours fills it in."""
    title = argument.title or argument.name.replace("_", " ").capitalize()
    kind = KINDS.get(argument.kind, argument.kind)
    pattern = pattern_of([str(value) for value in values]) if kind == "text" else ""
    within = f"{kind} like `{pattern}`" if pattern else kind
    below = [f"    - {choice}" for choice in argument.choices]
    within = "choice" if below else within
    need = "\n".join([f"- {free} ({within}, from customer): {title}", *below])
    slot = read_need(_item(need), "en")
    told = [_said(slot, case, value) for case, value in zip(cases, values, strict=True)]
    for case, value in zip(cases, values, strict=True):
        case.known[free] = value
    if "customer" in argument.sources and 2 * sum(told) >= len(told) and (pattern or kind != "text" or below):
        return Origin(free, free, need, "customer")
    return Origin(free, free, need.replace("from customer", "from agent", 1), "agent")


def _said(slot: Any, case: Case, value: Any) -> bool:
    return any(same(find(slot, text), value) for text in case.texts)


def _item(need: str) -> Item:
    first, *below = need.split("\n")
    return Item(
        1, first.removeprefix("- "), [Item(at, line.strip().removeprefix("- ")) for at, line in enumerate(below, 2)]
    )
