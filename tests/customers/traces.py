"""What was done for one customer: every call of a tool in its order, and what changed in the shop's books. And who differs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from towerdesk.assistant.models import ProcedureRun
from towerdesk.assistant.procedures.fill import found_in, pointed_at
from towerdesk.assistant.procedures.graphs import graph_of
from towerdesk.assistant.procedures.runs import state_of
from towerdesk.connectors.models import Call
from towerdesk.tickets.models import Ticket


@dataclass
class Trace:
    """`calls`: tool, effect, arguments and what became of it, reads too. `changed`: as `wishes.changes` lists them."""

    calls: list[tuple[str, str, dict[str, Any], str]] = field(default_factory=list)
    changed: list[tuple[str, ...]] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As it comes back from JSON."""
        return {"calls": [list(call) for call in self.calls], "changed": [list(change) for change in self.changed]}


def calls_of(ticket: Ticket) -> list[tuple[str, str, dict[str, Any], str]]:
    return list(Call.objects.of(ticket.pk).values_list("tool", "effect", "arguments", "state"))


def difference(alone: dict[str, Any], helped: dict[str, Any]) -> dict[str, Any]:
    """Empty when they are the same; else the first call that differs and, where it does, what the books say."""
    found: dict[str, Any] = {}
    if alone["calls"] != helped["calls"]:
        pairs = _beside(alone["calls"], helped["calls"])
        at, (one, two) = next((at, pair) for at, pair in enumerate(pairs) if pair[0] != pair[1])
        found["call"] = {"at": at, "without": one, "with": two}
        found["only_reads"] = _changing(alone["calls"]) == _changing(helped["calls"])
    if alone["changed"] != helped["changed"]:
        found["books"] = {"without": alone["changed"], "with": helped["changed"]}
    return found


def _beside(one: list[Any], two: list[Any]) -> list[tuple[Any, Any]]:
    length = max(len(one), len(two))
    return list(zip(one + [None] * (length - len(one)), two + [None] * (length - len(two)), strict=True))


def _changing(calls: list[Any]) -> list[Any]:
    return [call for call in calls if call[1] != "read"]


def proposals() -> Counter[str]:
    """What became of all that a model proposed for slots, in every procedure that ran."""
    runs = ProcedureRun.objects.select_related("version__procedure", "ticket__requester")
    return Counter(fate for run in runs for fate in _fates(run))


def answered() -> int:
    """Messages for which a model proposed something at all."""
    return sum(
        bool(said["proposed"]) for kept in ProcedureRun.objects.values_list("kept", flat=True) for said in kept["heard"]
    )


def _fates(run: ProcedureRun) -> Iterator[str]:
    graph, state = graph_of(run.version), state_of(run)
    for said in state.heard:
        for name in said["proposed"]:
            slot = graph.slot(name)
            known = state.known.values.get(name)
            if slot is None or (content := pointed_at(graph, state, slot, said, run.language)) is None:
                yield "refused: not their words, or no such value"
            elif any(found_in(graph, state, slot, one, run.language) is not None for one in state.heard):
                yield "not needed: found without it"
            else:
                yield "taken" if known and known.content == content else "refused: it had led nowhere"
