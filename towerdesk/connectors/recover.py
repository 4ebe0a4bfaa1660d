"""After a crash or a broken line between call and record: ask the other system, and where it can't say, a person."""

from datetime import timedelta

import structlog

from towerdesk.connectors import outcome, registry
from towerdesk.connectors.carry_out import succeeded
from towerdesk.connectors.contract import CannotSay, FateUnknown, NotDone, Result
from towerdesk.connectors.models import Call
from towerdesk.connectors.read_back import read_back
from towerdesk.connectors.registry import Wired
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Trouble

SILENT_FOR = timedelta(minutes=2)  # longer than any call may take
PATIENCE = timedelta(hours=1)  # for a system that is away; then a person is asked
MOST = 100  # at a time
REASON = "The desk stopped while it was being called."
NOT_THERE = "It did not arrive there."

log = structlog.get_logger()


def recover() -> int:
    """Run by the clock. How many were looked at. A system that is away is asked once in a round: others wait behind it."""
    open_ones = Call.objects.filter(state="claimed", claimed_at__lt=now() - SILENT_FOR).order_by("pk")
    found = list(open_ones.select_related("connection")[:MOST])
    away: set[int] = set()
    for call in found:
        if call.connection_id in away:
            continue
        if read_back(find_out(call), by=CLOCK).state == "claimed":
            away.add(call.connection_id)
    return len(found)


def find_out(call: Call) -> Call:
    reason = call.note or REASON
    if call.effect == "read":
        return outcome.failed(call, call.tries, reason, again=True, by=CLOCK)
    try:
        wired = registry.tool(call.tool)
        result = wired.tool.look_up(str(call.sent_as))
    except CannotSay as error:
        return _nobody_says(call, reason, later=error.later)
    except Trouble as error:
        return _nobody_says(call, f"{reason} {error}", later=False)
    except Exception as error:
        log.exception("a tool could not say what became of a call", tool=call.tool, call=call.pk)
        return _nobody_says(call, f"{reason} {type(error).__name__} when asked.", later=True)
    if result is None:
        return outcome.failed(call, call.tries, NOT_THERE, again=True, by=CLOCK)
    return succeeded(call, call.tries, wired, result, by=CLOCK)


def _nobody_says(call: Call, reason: str, *, later: bool) -> Call:
    if later and call.claimed_at and call.claimed_at > now() - PATIENCE:
        return call
    if not later and (again := _once_more(call)):
        wired, result = again
        return succeeded(call, call.tries, wired, result, by=CLOCK)
    return outcome.unknown(call, call.tries, reason, by=CLOCK)


def _once_more(call: Call) -> tuple[Wired, Result] | None:
    """Where the same key is one effect it is simply called again: either that was the first time, or nothing happens."""
    try:
        wired = registry.tool(call.tool)
        return (wired, wired.tool.execute(call.arguments, str(call.sent_as))) if wired.spec.idempotent else None
    except (Trouble, NotDone, FateUnknown) as error:
        log.warning("a call could not be made again", tool=call.tool, call=call.pk, why=str(error))
    except Exception:
        log.exception("a tool failed in a way that it does not explain", tool=call.tool, call=call.pk)
    return None
