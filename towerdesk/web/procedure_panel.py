"""The procedure of a ticket as its panel shows it: a checklist of steps, what is known and who said so, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from towerdesk.assistant.models import ProcedureRun, Run
from towerdesk.assistant.procedures.expressions import spoken
from towerdesk.assistant.procedures.faults import Faulty
from towerdesk.assistant.procedures.graphs import graph_of
from towerdesk.assistant.procedures.model import Procedure, Slot
from towerdesk.tickets.models import Ticket

GOES_ON = ("handed_over", "stopped", "person", "waiting", "approval", "asking")
"""States in which a person may let it go on."""
WHO = {
    "customer": "{name} wrote so", "tool": "looked up", "agent": "one of us said so", "requester": "known of {name}",
    "procedure": "by the procedure",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepLine:
    """`mark` is done, now or ahead."""

    title: str
    notes: str
    mark: str


@dataclass(frozen=True, slots=True)
class SlotLine:
    name: str
    question: str
    value: str
    who: str
    choices: tuple[str, ...]


def procedure_panel(ticket: Ticket, runs: Sequence[Run]) -> dict[str, Any]:
    """Of the newest of the ticket's considerations that followed one, which were read with their procedures."""
    run = next((one.procedure_run for one in reversed(runs) if one.procedure_run is not None), None)
    if run is None:
        return {"procedure": None}
    try:
        graph = graph_of(run.version)
    except Faulty:
        return {"procedure": None}
    return {
        "procedure": run,
        "procedure_steps": _steps(graph, run),
        "procedure_slots": [_slot(slot, run, ticket) for slot in graph.slots],
        "procedure_changes": run.stop.get("changes", []) if run.state in ("ready", "approval") else [],
        "procedure_goes_on": run.state in GOES_ON,
        "procedure_why": run.stop.get("why", ""),
    }


def _steps(graph: Procedure, run: ProcedureRun) -> list[StepLine]:
    """The headings; what stands before the one that it is at was done or was not needed."""
    at = next((node.step for node in graph.nodes if node.id == run.kept.get("at")), len(graph.steps))
    over = run.state in ("done", "kept", "refused")
    marks = [
        "done" if number < at or over else "now" if number == at else "ahead" for number in range(len(graph.steps))
    ]
    return [StepLine(step.title, step.notes, mark) for step, mark in zip(graph.steps, marks, strict=True)]


def _slot(slot: Slot, run: ProcedureRun, ticket: Ticket) -> SlotLine:
    known = run.kept.get("known", {}).get(slot.name)
    has = known is not None and known["content"] is not None
    value = _told(slot, known["content"]) if known and has else ""
    who = WHO[known["source"]].format(name=ticket.requester.first_name) if known and has else ""
    options = tuple(option.value for option in slot.options)
    return SlotLine(slot.name, next(iter(slot.question.values())), value, who, options)


def _told(slot: Slot, content: Any) -> str:
    """Of a record the field that it is told by."""
    if slot.among and isinstance(content, dict):
        return spoken(content.get(slot.by[0], ""))
    return spoken(content)
