"""Keep where a run stands. Of two that go on with the same run at once, the later one gives way."""

from typing import Any

from towerdesk.assistant.models import OPEN_STATES, ProcedureRun
from towerdesk.assistant.procedures.engine import Stop
from towerdesk.assistant.procedures.state import State
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict

STATE_OF = {
    "ask": "asking", "confirm": "confirming", "write": "ready", "approve": "approval", "task": "person", "later": "waiting",
    "refused": "refused", "done": "done", "hand_over": "handed_over",
}  # fmt: skip


def keep(run: ProcedureRun, state: State, stop: Stop | None = None, named: str = "", **more: Any) -> None:
    """`named`: its state, when the stop does not say it. Raises `Conflict` when somebody went on with it since it was read."""
    values: dict[str, Any] = {"kept": state.dump(), "changed_at": now(), **more}
    if stop is not None:
        missing = list(stop.missing)
        values["stop"] = {"kind": stop.kind, "text": stop.text, "why": stop.why, "missing": missing, "node": stop.node}
    if named or stop is not None:
        values["state"] = named or (STATE_OF[stop.kind] if stop else "")
        values["ended_at"] = None if values["state"] in OPEN_STATES else now()
    found = ProcedureRun.objects.filter(pk=run.pk, revision=run.revision).update(revision=run.revision + 1, **values)
    if not found:
        raise Conflict("Somebody else went on with this procedure meanwhile: look at it again.")
    run.revision += 1
    for name, value in values.items():
        setattr(run, name, value)
