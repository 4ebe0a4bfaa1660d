"""Read the state back after something was changed: is it as it should be now?"""

from collections.abc import Mapping
from uuid import uuid4

import structlog

from towerdesk.connectors import registry
from towerdesk.connectors.begin import begin
from towerdesk.connectors.claim import Asked
from towerdesk.connectors.contract import ReadBack
from towerdesk.connectors.given import Checked, fitting_all
from towerdesk.connectors.mapping import dig, drawn, same
from towerdesk.connectors.models import Call
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Trouble

log = structlog.get_logger()


def read_back(call: Call, *, by: Actor) -> Call:
    """The call with `checked` "yes" or "no"; empty where there is nothing to read it with, or that could not be read.

    Never raises for the other system's sake: what was done is done.
    """
    if call.state != "done" or call.effect == "read" or call.checked:
        return call
    try:
        check = registry.tool(call.tool).spec.read_back
        read = _read(call, check, by) if check else None
    except Trouble as error:
        log.warning("a call could not be read back", tool=call.tool, call=call.pk, why=str(error))
        return call
    if check and read and read.state == "done":
        _write(call, "yes" if _holds(call, read, check.holds) else "no", by)
    return call


def _read(call: Call, check: ReadBack, by: Actor) -> Call:
    reader = registry.tool(f"{call.connection.slug}.{check.tool}")
    arguments = fitting_all(reader.spec, drawn(check.arguments, argument=call.arguments, result=call.content))
    vouched = any(said["source"] == "agent" for said in call.sources.values())
    sources = {name: {"source": "agent" if vouched else "tool", "said": str(call.pk)} for name in arguments}
    key = f"read-back:{call.pk}:{uuid4().hex}"
    asked = Asked(key, by, call.ticket_id, tuple(call.persons), call.run_id)
    return begin(reader, Checked(arguments, sources, person=call.person), asked)


def _holds(call: Call, read: Call, holds: Mapping[str, str]) -> bool:
    wanted = drawn(holds, argument=call.arguments, result=call.content)
    return all(name in wanted and same(dig(read.content, name), wanted[name]) for name in holds)


def _write(call: Call, checked: str, by: Actor) -> None:
    call.checked = checked
    call.save(update_fields=["checked"])
    if checked == "no":
        record("tool.not_so", by=by, ticket=call.ticket_id, subject=call.pk, tool=call.tool, title=call.title)
