"""What a message names, whatever it is about: numbers of orders and the like, addresses, days, amounts.

For whoever takes over where nobody knows what is wanted, so that nothing of it has to be read out or asked again. The
forms of numbers are those that the published procedures know (“order, like B-12345”).
"""

from collections.abc import Iterator

from towerdesk.assistant.procedures.find import find
from towerdesk.assistant.procedures.graphs import published_graphs
from towerdesk.assistant.procedures.model import Kind, Slot

EVERYWHERE: tuple[Kind, ...] = ("email", "phone", "address", "date", "amount")
MOST = 20


def named_in(text: str, language: str) -> list[dict[str, str]]:
    """Each as {"name", "value"}, as it would be kept by a procedure."""
    found = [{"name": slot.name, "value": value} for slot in _slots() for value in _values(slot, text, language)]
    return [one for at, one in enumerate(found) if one not in found[:at]][:MOST]


def _slots() -> Iterator[Slot]:
    """One for each form of number that a procedure asks for, then what can be told anywhere."""
    seen = set[tuple[str, str]]()
    for graph in published_graphs():
        for slot in graph.slots:
            if slot.pattern and (slot.name, slot.pattern) not in seen:
                seen.add((slot.name, slot.pattern))
                yield Slot(name=slot.name, line=0, kind="text", many=True, question={}, pattern=slot.pattern)
    for kind in EVERYWHERE:
        yield Slot(name=kind, line=0, kind=kind, many=True, question={})


def _values(slot: Slot, text: str, language: str) -> list[str]:
    found = find(slot, text, language=language) or []
    return [", ".join(one.values()) if isinstance(one, dict) else str(one) for one in found]
