"""Who said what an expression is made of: the least trusted of all that goes into it."""

from collections.abc import Iterable

from towerdesk.assistant.procedures.expressions import names
from towerdesk.assistant.procedures.model import Procedure, Source

LEAST_TRUSTED: tuple[Source, ...] = ("customer", "tool", "agent", "requester", "procedure")
GIVEN: dict[str, Source] = {"requester": "requester", "ticket": "procedure"}
"""What every procedure knows from the start: who writes, as the server knows it, and the ticket."""


def least(sources: Iterable[Source]) -> Source:
    found = set(sources)
    return next((source for source in LEAST_TRUSTED if source in found), "procedure")


def may_come_from(expression: str, procedure: Procedure) -> set[Source]:
    """Whose word may be in it, by what the procedure says; results of reads are a tool's."""
    return _sources(expression, procedure, frozenset())


def _sources(expression: str, procedure: Procedure, seen: frozenset[str]) -> set[Source]:
    found: set[Source] = set()
    for name in names(expression):
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
