"""Who may say what an expression is made of."""

import ast
from collections.abc import Iterable

from towerdesk.assistant.procedures.expressions import CONSTANTS, parse
from towerdesk.assistant.procedures.model import Procedure, Source

LEAST_TRUSTED: tuple[Source, ...] = ("customer", "tool", "agent", "requester", "procedure")
GIVEN: dict[str, Source] = {"requester": "requester", "ticket": "procedure"}
"""What every procedure knows from the start: who writes, as the server knows it, and the ticket."""


def least(sources: Iterable[Source]) -> Source:
    found = set(sources)
    return next((source for source in LEAST_TRUSTED if source in found), "procedure")


def data_names(expression: str) -> set[str]:
    """The names whose values go into it; those that only choose among others (conditions) do not."""
    return _data(parse(expression), frozenset())


def _data(node: ast.AST, made: frozenset[str]) -> set[str]:
    if isinstance(node, ast.Name):
        return set() if node.id in made or node.id in CONSTANTS else {node.id}
    if isinstance(node, ast.Subscript):
        return _data(node.value, made)
    if isinstance(node, ast.Call):
        return {name for argument in node.args for name in _data(argument, made)}
    if isinstance(node, ast.IfExp):
        return _data(node.body, made) | _data(node.orelse, made)
    if isinstance(node, ast.ListComp | ast.GeneratorExp):
        [loop] = node.generators
        target = loop.target.id if isinstance(loop.target, ast.Name) else ""
        return _data(loop.iter, made) | _data(node.elt, made | {target})
    return {name for child in ast.iter_child_nodes(node) for name in _data(child, made)}


def may_come_from(expression: str, procedure: Procedure) -> set[Source]:
    """Whose word may be in it, by what the procedure says; results of reads are a tool's."""
    return _sources(expression, procedure, frozenset())


def _sources(expression: str, procedure: Procedure, seen: frozenset[str]) -> set[Source]:
    found: set[Source] = set()
    for name in data_names(expression):
        found |= _of_name(name, procedure, seen)
    return found or {"procedure"}


def _of_name(name: str, procedure: Procedure, seen: frozenset[str]) -> set[Source]:
    if name in seen:
        return set()
    if name in GIVEN:
        return {GIVEN[name]}
    slot = procedure.slot(name)
    if slot is not None and slot.among:
        return {"tool"}  # a record of theirs, which the customer's words only point at
    found: set[Source] = set(slot.sources) if slot is not None else set()
    for node in procedure.nodes:
        if node.do == "set" and node.name == name:
            found |= _sources(node.value, procedure, seen | {name})
        elif node.do == "each" and node.name == name:
            found |= _sources(node.over, procedure, seen | {name})
        elif node.do in ("read", "write") and node.name == name:
            found.add("tool")
    return found
