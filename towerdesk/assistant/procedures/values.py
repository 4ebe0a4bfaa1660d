"""What a run knows: each value with who said it and where, and who said what an expression makes of them."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from towerdesk.assistant.procedures.expressions import evaluate, parse
from towerdesk.assistant.procedures.sources import data_names, least
from towerdesk.connectors.contract import Value


@dataclass(slots=True)
class Known:
    """`values` are slots, results and what was set; `given` is known from the start, such as who writes."""

    given: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        return {**self.given, **{name: value.content for name, value in self.values.items()}}

    def worked_out(self, expression: str) -> Value:
        """Raises `CannotTell`."""
        content = as_json(evaluate(expression, self.plain()))
        return self._whose(expression, content)

    def _whose(self, expression: str, content: Any) -> Value:
        """A tool's when one call's answer holds all of it; a customer's when any of it is; else the procedure's own."""
        used = data_names(expression)
        if not used:
            return Value(content, "procedure")
        if used == {"requester"}:
            return Value(content, "requester") if is_path(expression) else Value(content, "procedure")
        values = [self.values[name] for name in used if name in self.values]
        source = least(value.source for value in values) if values else "procedure"
        if source == "tool":
            whole = next((value for value in values if holds(value.content, content)), None)
            return Value(content, "tool", whole.said) if whole else Value(content, "procedure")
        if source == "customer" or is_path(expression):
            said = next((value.said for value in values if value.source == source), "")
            return Value(content, source, said)
        return Value(content, "procedure")


def is_path(expression: str) -> bool:
    tree: ast.expr = parse(expression)
    while isinstance(tree, ast.Attribute | ast.Subscript):
        tree = tree.value
    return isinstance(tree, ast.Name)


def holds(whole: Any, part: Any) -> bool:
    """Every value in `part` stands somewhere in `whole`."""
    return {str(one) for one in leaves(part)} <= {str(one) for one in leaves(whole)}


def leaves(content: Any) -> Iterable[Any]:
    if isinstance(content, Mapping):
        for value in content.values():
            yield from leaves(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from leaves(value)
    else:
        yield content


def as_json(content: Any) -> Any:
    """Decimals and dates as the texts that tools and the database keep them as."""
    if isinstance(content, Decimal):
        return int(content) if content == content.to_integral_value() else str(content)
    if isinstance(content, date):
        return content.isoformat()
    if isinstance(content, Mapping):
        return {str(name): as_json(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [as_json(value) for value in content]
    return content


def dump(values: Mapping[str, Value]) -> dict[str, Any]:
    return {
        name: {"content": value.content, "source": value.source, "said": value.said} for name, value in values.items()
    }


def load(kept: Mapping[str, Any]) -> dict[str, Value]:
    return {name: Value(one["content"], one["source"], one["said"]) for name, one in kept.items()}
