"""How sure the desk may be of a procedure's next move: the parts of its score, as an answer has them."""

import hashlib
import inspect
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet

from towerdesk.assistant.brain import Heads
from towerdesk.assistant.models import ProcedureRun, Run
from towerdesk.assistant.procedures.engine import Stop
from towerdesk.assistant.procedures.find import find, records_in
from towerdesk.assistant.procedures.graphs import graph_of
from towerdesk.assistant.procedures.model import Kind, Procedure, Slot
from towerdesk.assistant.procedures.runs import Move, state_of
from towerdesk.assistant.procedures.state import State
from towerdesk.assistant.read import Reading
from towerdesk.assistant.score import ACTION
from towerdesk.connectors.contract import Value
from towerdesk.knowledge.index import unpack
from towerdesk.lib.compiled import compiled
from towerdesk.lib.embedding import Vectors

VOUCHED = {"requester": 1.0, "tool": 1.0, "agent": 1.0, "procedure": 0.9}
"""By whose word it is: the server's, another system's, one of ours; a default is what nobody said."""
WRITTEN: dict[Kind, float] = {"email": 0.95, "phone": 0.9, "yes_no": 0.9, "choice": 0.85, "text": 0.7}
"""What the customer wrote, by its kind: the more forms it may have, the sooner it was meant otherwise."""
OTHERWISE_WRITTEN = 0.85
IN_A_FORM = 0.95  # the whole of it matches the slot's pattern
ONLY_ONE = 0.9  # there is just one such record, and they did not name it
POINTED_AT = 0.8  # only a model found it
AFTER_ANOTHER = 0.85  # times: another value of theirs led nowhere before


@dataclass(frozen=True, slots=True)
class Weighed:
    """`sure` has each known slot's certainty; `words` is the sentence for whoever reads the decision."""

    parts: dict[str, float]
    score: float
    sure: dict[str, float]
    words: str


def began_with(reading: Reading) -> dict[str, float]:
    """What only its first message tells; later ones may be a mere yes."""
    return {"scope": round(reading.scope, 4), "calm": _calm(reading)}


def weigh(move: Move, reading: Reading, heads: Heads) -> Weighed:
    """A first question is weighed as if it were answered, since asking is how it gets there; `complete` says what is known."""
    run, stop = move.run, move.stop
    graph, state = graph_of(run.version), state_of(run)
    sure = {slot.name: certainty(slot, value, state, run.language) for slot, value in _known(graph, state)}
    complete = completeness(graph, state, stop)
    vector, slug = _first_vector(run, reading), run.intent.slug if run.intent else ""
    parts = {
        "intent": run.score,
        "scope": run.began.get("scope", 1.0),
        "complete": complete,
        "vouched": min(sure.values(), default=1.0),
        "calm": min(run.began.get("calm", 1.0), _calm(reading)),
        **heads.deeds_memory.parts(vector, slug, run.version_id, ACTION.source),
    }
    answered = stop.kind == "ask" and not stop.again
    score = heads.deeds.score(parts | {"complete": 1.0} if answered else parts)
    return Weighed(parts, score, sure, _words(complete, sure, stop, answered))


def completeness(graph: Procedure, state: State, stop: Stop) -> float:
    """The share of what it has needed so far that is known."""
    needed = [slot for slot, _ in _known(graph, state) if not slot.optional]
    return len(needed) / (len(needed) + len(stop.missing)) if needed or stop.missing else 1.0


def certainty(slot: Slot, value: Value, state: State, language: str) -> float:
    """0 to 1: how far it may be relied on that this is what they mean, by whose word it is and how it was found."""
    sure = _by_records(slot, value, state) if slot.among else VOUCHED.get(value.source)
    if sure is None:
        sure = _as_written(slot, value, state, language)
    return round(sure * (AFTER_ANOTHER if state.rejected.get(slot.name) else 1.0), 4)


def _by_records(slot: Slot, value: Value, state: State) -> float:
    """The record is another system's; which one is meant, the customer said, or there was no other."""
    one = value.content if isinstance(value.content, list) else [value.content]
    named = any(records_in(said["text"], one, slot.by) for said in state.heard)
    return VOUCHED["tool"] if named else ONLY_ONE


def _as_written(slot: Slot, value: Value, state: State, language: str) -> float:
    said = next((one for one in state.heard if str(one["id"]) == value.said), None)
    if said and said.get("proposed", {}).get(slot.name):
        alone = said["asked"] == [slot.name]
        if find(slot, said["text"], language=language, alone=alone) is None:
            return POINTED_AT
    return IN_A_FORM if slot.pattern else WRITTEN.get(slot.kind, OTHERWISE_WRITTEN)


def _known(graph: Procedure, state: State) -> list[tuple[Slot, Value]]:
    values = state.known.values
    return [(slot, values[slot.name]) for slot in graph.slots if _is_there(values.get(slot.name))]


def _is_there(value: Value | None) -> bool:
    return value is not None and value.content is not None


def _calm(reading: Reading) -> float:
    return 0.0 if reading.mood == "angry" else 1.0


def _first_vector(run: ProcedureRun, reading: Reading) -> Vectors:
    """Of the message that it began with."""
    first: Any = next(iter(_vectors(run=run.pk)), None)
    return reading.asked.vector if first is None else unpack(first)[0]


@compiled
def _vectors(*, run: int) -> "QuerySet[Run, Any]":
    kept = Run.objects.filter(procedure_run=run, kind="action").exclude(vector=None)
    return kept.order_by("id").values_list("vector", flat=True)[:1]


def _words(complete: float, sure: dict[str, float], stop: Stop, answered: bool) -> str:
    if stop.missing:
        known = f"{complete:.0%} of what it needs is known, missing: {', '.join(stop.missing)}"
        known += "; a question is weighed as if it were answered" if answered else ""
    else:
        known = "All that it needs is known"
    name = min(sure, key=lambda one: sure[one], default="")
    return f"{known}; least certain: {name} ({sure[name]:.2f})" if name else known


@cache
def fingerprint() -> str:
    """Changes whenever this page changes: what was graded under other parts does not count."""
    return hashlib.sha256(inspect.getsource(sys.modules[__name__]).encode()).hexdigest()[:16]
