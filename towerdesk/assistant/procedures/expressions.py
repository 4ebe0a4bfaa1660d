"""The small language of guards and arguments: Python's spelling, none of its powers.

An expression is parsed by `ast` and only the forms below are let through; it is walked, never compiled or run. It reads
what it is given and can neither call nor reach anything else. What isn't there makes it stop (`CannotTell`), so that a
guard that can't be told never lets anything pass. `is` and `is not` mean equal and not equal.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, DivisionByZero, InvalidOperation
from functools import lru_cache
from typing import Any

from towerdesk.assistant.procedures.faults import Wrong
from towerdesk.lib.clock import now

MOST_CHARACTERS = 400
MOST_STEPS = 20_000
"""How many small steps one expression may take: a list of lists can't keep a worker busy."""


class CannotTell(Exception):
    """Something that it asks for is not there, or of another kind. The text is a sentence for a person."""


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        raise CannotTell(f"“{value}” is no date.") from None


def _amount(value: Any) -> Decimal:
    if value is None or isinstance(value, bool):
        raise CannotTell("An amount is not known.")
    try:
        return Decimal(re.sub(r"[^\d.\-]", "", value) if isinstance(value, str) else str(value))
    except InvalidOperation:
        raise CannotTell(f"“{value}” is no amount.") from None


def _has(value: Any) -> bool:
    return value is not None and value != "" and value != [] and value != {}


def _listed(values: Any) -> str:
    return ", ".join(spoken(value) for value in values)


def _unique(values: Any) -> list[Any]:
    return [value for at, value in enumerate(values) if value not in values[:at]]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "has": _has,
    "count": len,
    "any": any,
    "all": all,
    "total": lambda values: sum((_amount(value) for value in values), Decimal(0)),
    "least": lambda *values: min(*values) if len(values) > 1 else min(values[0]),
    "most": lambda *values: max(*values) if len(values) > 1 else max(values[0]),
    "first": lambda values: values[0] if values else None,
    "sorted": sorted,
    "unique": _unique,
    "values": lambda record: list(record.values()) if isinstance(record, dict) else list(record),
    "keys": lambda record: list(record),
    "amount": _amount,
    "round": lambda value, places=2: round(_amount(value), int(places)),
    "text": lambda value: spoken(value),
    "lower": lambda value: str(value).casefold(),
    "listed": _listed,
    "day": _day,
    "today": lambda: now().date(),
    "days_since": lambda value: (now().date() - _day(value)).days,
}
COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Is: operator.eq, ast.IsNot: operator.ne,
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many, ast.NotIn: lambda one, many: one not in many,
}  # fmt: skip
ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
CONSTANTS = {"yes": True, "no": False, "nothing": None, "true": True, "false": False}


@lru_cache(maxsize=4096)
def parse(text: str) -> ast.expr:
    """Raises `Wrong` with a sentence when it is no expression of this language."""
    if len(text) > MOST_CHARACTERS:
        raise Wrong(f"This is longer than {MOST_CHARACTERS} characters: set parts of it first.")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Wrong(f'“{text}” can\'t be read: write it like found.status is "open".') from None
    _allow(tree)
    return tree


def names(text: str) -> set[str]:
    """What it reads, without its functions and the names that it makes itself."""
    return _names(parse(text), frozenset())


def constant(text: str) -> tuple[bool, Any]:
    """(whether it is a constant, its value)."""
    tree = parse(text)
    if isinstance(tree, ast.Constant):
        return True, _plain(tree.value)
    if isinstance(tree, ast.Name) and tree.id in CONSTANTS:
        return True, CONSTANTS[tree.id]
    return False, None


def path(text: str) -> tuple[str, ...]:
    """`order.items` as ("order", "items"); empty when it is more than a path."""
    tree, parts = parse(text), []
    while isinstance(tree, ast.Attribute):
        parts.append(tree.attr)
        tree = tree.value
    return (tree.id, *reversed(parts)) if isinstance(tree, ast.Name) else ()


def evaluate(text: str, known: Mapping[str, Any]) -> Any:
    """Numbers are exact decimals. Raises `CannotTell`."""
    try:
        return _Walk(known).value(parse(text), {})
    except CannotTell:
        raise
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, DivisionByZero, InvalidOperation) as error:
        raise CannotTell(f"“{text}” can't be told: {type(error).__name__}.") from None


def holds(text: str, known: Mapping[str, Any]) -> bool:
    return bool(evaluate(text, known))


def spoken(value: Any) -> str:
    """As it is put into a sentence."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        value = Decimal(str(value))
    if isinstance(value, Decimal):
        return f"{value:.2f}" if value != value.to_integral_value() else f"{value.to_integral_value():f}"
    if isinstance(value, (list, tuple)):
        return _listed(value)
    if isinstance(value, dict):
        return ", ".join(spoken(part) for part in value.values() if _has(part))
    return "" if value is None else str(value)


ALLOWED = (
    ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.List, ast.Tuple, ast.Dict, ast.BoolOp, ast.UnaryOp, ast.BinOp,
    ast.Compare, ast.Call, ast.IfExp, ast.ListComp, ast.GeneratorExp,
)  # fmt: skip


def _allow(node: ast.expr) -> None:
    if not isinstance(node, ALLOWED):
        raise Wrong(f"“{ast.unparse(node)}” is more than a condition may say.")
    if isinstance(node, ast.Name | ast.Attribute):
        word = node.id if isinstance(node, ast.Name) else node.attr
        if word.startswith("_"):
            raise Wrong(f"“{word}” can't be a name: names begin with a letter.")
    if isinstance(node, ast.Constant) and not isinstance(node.value, str | int | float | bool | None):
        raise Wrong(f"“{ast.unparse(node)}” is no text and no number.")
    if isinstance(node, ast.BinOp) and type(node.op) not in ARITHMETIC:
        raise Wrong("Only + - * / reckon here.")
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.keywords:
            known = ", ".join(sorted(FUNCTIONS))
            raise Wrong(f"“{ast.unparse(node.func)}” is no function here: there are {known}.")
        _allow_all(node.args)
        return
    if isinstance(node, ast.ListComp | ast.GeneratorExp):
        [loop, *more] = node.generators
        if more or loop.is_async or not isinstance(loop.target, ast.Name):
            raise Wrong("A list is made by one “for NAME in LIST”.")
        _allow_all([node.elt, loop.target, loop.iter, *loop.ifs])
        return
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        raise Wrong("A list is asked for one of its parts, such as items[0].")
    _allow_all([child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)])


def _allow_all(nodes: list[ast.expr]) -> None:
    for node in nodes:
        _allow(node)


def _names(node: ast.AST, made: frozenset[str]) -> set[str]:
    if isinstance(node, ast.Name):
        return set() if node.id in made or node.id in CONSTANTS else {node.id}
    if isinstance(node, ast.Call):
        return {name for argument in node.args for name in _names(argument, made)}
    if isinstance(node, ast.ListComp | ast.GeneratorExp):
        [loop] = node.generators
        target = loop.target
        inner = made | {target.id} if isinstance(target, ast.Name) else made
        return _names(loop.iter, made).union(*(_names(part, inner) for part in (node.elt, *loop.ifs)))
    return {name for child in ast.iter_child_nodes(node) for name in _names(child, made)}


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    return Decimal(str(value)) if isinstance(value, int | float) else value


class _Walk:
    def __init__(self, known: Mapping[str, Any]) -> None:
        self.known, self.left = known, MOST_STEPS

    def value(self, node: ast.expr, made: dict[str, Any]) -> Any:
        self.left -= 1
        if self.left < 0:
            raise CannotTell("This takes too long to work out.")
        found: Callable[[Any, dict[str, Any]], Any] = getattr(self, f"_{type(node).__name__.lower()}")
        return _plain(found(node, made))

    def _constant(self, node: ast.Constant, made: dict[str, Any]) -> Any:
        return node.value

    def _name(self, node: ast.Name, made: dict[str, Any]) -> Any:
        for known in (made, self.known, CONSTANTS):
            if node.id in known:
                return known[node.id]
        raise CannotTell(f"“{node.id}” is not known.")

    def _attribute(self, node: ast.Attribute, made: dict[str, Any]) -> Any:
        return self._part(self.value(node.value, made), node.attr, ast.unparse(node.value))

    def _subscript(self, node: ast.Subscript, made: dict[str, Any]) -> Any:
        part = self.value(node.slice, made)
        return self._part(self.value(node.value, made), part, ast.unparse(node.value))

    def _part(self, whole: Any, part: Any, named: str) -> Any:
        if isinstance(whole, list) and isinstance(part, Decimal):
            if 0 <= part < len(whole):
                return whole[int(part)]
        elif isinstance(whole, dict) and part in whole:
            return whole[part]
        raise CannotTell(f"“{named}” has no “{part}”.")

    def _list(self, node: ast.List | ast.Tuple, made: dict[str, Any]) -> Any:
        return [self.value(part, made) for part in node.elts]

    _tuple = _list

    def _dict(self, node: ast.Dict, made: dict[str, Any]) -> Any:
        parts = zip(node.keys, node.values, strict=True)
        return {self.value(key, made): self.value(value, made) for key, value in parts if key is not None}

    def _boolop(self, node: ast.BoolOp, made: dict[str, Any]) -> Any:
        test = all if isinstance(node.op, ast.And) else any
        return test(bool(self.value(part, made)) for part in node.values)

    def _unaryop(self, node: ast.UnaryOp, made: dict[str, Any]) -> Any:
        value = self.value(node.operand, made)
        return not value if isinstance(node.op, ast.Not) else -_amount(value)

    def _binop(self, node: ast.BinOp, made: dict[str, Any]) -> Any:
        one, other = self.value(node.left, made), self.value(node.right, made)
        if isinstance(one, str) and isinstance(other, str) and isinstance(node.op, ast.Add):
            return one + other
        if isinstance(one, list) and isinstance(other, list) and isinstance(node.op, ast.Add):
            return one + other
        return ARITHMETIC[type(node.op)](_amount(one), _amount(other))

    def _compare(self, node: ast.Compare, made: dict[str, Any]) -> Any:
        one = self.value(node.left, made)
        for sign, right in zip(node.ops, node.comparators, strict=True):
            other = self.value(right, made)
            if not COMPARE[type(sign)](*_alike(one, other, sign)):
                return False
            one = other
        return True

    def _call(self, node: ast.Call, made: dict[str, Any]) -> Any:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "has":
            return self._is_there(node.args[0], made)
        return FUNCTIONS[name](*(self.value(argument, made) for argument in node.args))

    def _is_there(self, node: ast.expr, made: dict[str, Any]) -> bool:
        try:
            return _has(self.value(node, made))
        except CannotTell:
            return False

    def _ifexp(self, node: ast.IfExp, made: dict[str, Any]) -> Any:
        return self.value(node.body if self.value(node.test, made) else node.orelse, made)

    def _listcomp(self, node: ast.ListComp | ast.GeneratorExp, made: dict[str, Any]) -> Any:
        [loop] = node.generators
        name = loop.target.id if isinstance(loop.target, ast.Name) else ""
        found = []
        for each in self.value(loop.iter, made):
            inner = {**made, name: _plain(each)}
            if all(self.value(test, inner) for test in loop.ifs):
                found.append(self.value(node.elt, inner))
        return found

    _generatorexp = _listcomp


def _alike(one: Any, other: Any, sign: ast.cmpop) -> tuple[Any, Any]:
    """A number and a text that is one are compared as numbers, a date and its text as dates."""
    if isinstance(sign, ast.In | ast.NotIn):
        return one, [_plain(part) for part in other] if isinstance(other, list) else other
    kinds = {type(one), type(other)}
    if kinds == {str, Decimal}:
        return _amount(one), _amount(other)
    return (_day(one), _day(other)) if kinds == {str, date} else (one, other)
