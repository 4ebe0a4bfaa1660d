"""Where a run stands, as it is kept between messages."""

import copy
from dataclasses import asdict, dataclass, field
from typing import Any

from towerdesk.assistant.procedures.expressions import CannotTell, evaluate
from towerdesk.assistant.procedures.model import Procedure
from towerdesk.assistant.procedures.values import Known, dump, load


@dataclass(slots=True)
class State:
    """Where a run stands. `waits` says what for: "" (nothing), slots, yes, approval, person."""

    at: str
    known: Known = field(default_factory=Known)
    waits: str = ""
    frames: list[dict[str, Any]] = field(default_factory=list)  # of loops: {node, items, index}
    says: list[str] = field(default_factory=list)  # what the next message begins with
    tries: dict[str, int] = field(default_factory=dict)  # node -> answers that left something open
    visits: dict[str, int] = field(default_factory=dict)
    asked: str = ""  # the words that a yes is waited for
    confirmed: dict[str, str] = field(default_factory=dict)  # confirm nodes -> the words that were said yes to
    approved: dict[str, bool] = field(default_factory=dict)
    writes: list[dict[str, Any]] = field(default_factory=list)  # done: {node, visit, said}
    changes: int = 0
    heard: list[dict[str, Any]] = field(default_factory=list)  # messages taken in: {id, text, asked, proposed}
    rejected: dict[str, list[str]] = field(default_factory=dict)  # slot -> values that led nowhere

    def dump(self) -> dict[str, Any]:
        """What JSON can keep; without what is known from the start, which is looked up anew."""
        kept = asdict(self)
        kept["known"] = dump(self.known.values)
        return kept

    @classmethod
    def load(cls, kept: dict[str, Any], given: dict[str, Any]) -> "State":
        kept = copy.deepcopy(kept)
        return cls(**{**kept, "known": Known(given, load(kept["known"]))})


def candidates(procedure: Procedure, state: State, name: str) -> list[dict[str, Any]]:
    """The records that a slot is one of, as far as they are known by now."""
    slot = procedure.slot(name)
    if slot is None or not slot.among:
        return []
    try:
        found = evaluate(slot.among, state.known.plain())
    except CannotTell:
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
