"""Take back what a call did, by the tool that its spec names for that."""

from towerdesk.connectors import registry
from towerdesk.connectors.begin import begin
from towerdesk.connectors.claim import Asked
from towerdesk.connectors.contract import ToolSpec
from towerdesk.connectors.given import Checked, amount_of, fitting_all
from towerdesk.connectors.mapping import drawn
from towerdesk.connectors.models import Call
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Refused


def undo(call: Call, *, by: Actor, warrant: str = "", cause: Event | None = None) -> Call:
    """The call that takes it back, in any of the states that `use` names; once that is `done`, `call` is `undone`.

    Raises `Refused` when there is no way back, and `Conflict` unless the call is done.
    """
    wired = registry.tool(call.tool)
    back = wired.spec.undo
    if back is None:
        raise Refused(f"{call.title} can't be taken back: there is no tool for that.")
    call.refresh_from_db()
    if call.state == "undone":
        raise Conflict("It was taken back already.")
    if call.state != "done":
        raise Conflict(f"Only what is done can be taken back; this is: {call.get_state_display().lower()}.")
    other = registry.tool(f"{wired.connection.slug}.{back.tool}")
    by.must(other.spec.needs)
    values = drawn(back.arguments, argument=call.arguments, result=call.content)
    found = _as_found(other.spec, values, call)
    asked = Asked(_key(call), by, call.ticket_id, tuple(call.persons), call.run_id, warrant, cause, undoes=call)
    return begin(other, found, asked)


def can_be_undone(call: Call, spec: ToolSpec) -> bool:
    return call.state == "done" and call.effect != "read" and spec.undo is not None


def _as_found(spec: ToolSpec, values: dict[str, object], call: Call) -> Checked:
    """The values come from a call that was checked when it was made."""
    arguments = fitting_all(spec, values)
    sources = {name: {"source": "tool", "said": str(call.pk)} for name in arguments}
    return Checked(arguments, sources, amount_of(spec, arguments), call.person)


def _key(call: Call) -> str:
    """After one that was refused for good, another try is another call."""
    return f"undo:{call.pk}:{call.undoings.filter(state__in=('failed', 'declined'), again=False).count()}"
