"""Make a claimed call, outside of any transaction, and write down what became of it."""

import structlog

from towerdesk.connectors import outcome
from towerdesk.connectors.contract import RESULT, CannotSay, FateUnknown, NotDone, Result
from towerdesk.connectors.given import must_be_theirs
from towerdesk.connectors.models import Call
from towerdesk.connectors.registry import Wired
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Refused

log = structlog.get_logger()


def carry_out(call: Call, wired: Wired, *, by: Actor) -> Call:
    """An error that no connector explains counts as unknown: rather ask than do it twice."""
    mine = call.tries
    try:
        result = wired.tool.execute(call.arguments, str(call.sent_as))
    except NotDone as error:
        return outcome.failed(call, mine, str(error), again=error.later, by=by)
    except FateUnknown as error:
        return _find_out(call, mine, wired, str(error), by)
    except Exception as error:
        log.exception("a tool failed in a way that it does not explain", tool=call.tool, call=call.pk)
        return _find_out(call, mine, wired, f"{type(error).__name__} while it was being called.", by)
    return succeeded(call, mine, wired, result, by=by)


def succeeded(call: Call, mine: int, wired: Wired, result: Result, *, by: Actor) -> Call:
    if wired.spec.person.startswith(RESULT) and not _vouched(call, by):
        try:
            must_be_theirs(wired.spec, result, call.persons)
        except Refused as error:
            return outcome.failed(call, mine, str(error), by=by)
    return outcome.done(call, mine, result, by=by)


def _vouched(call: Call, by: Actor) -> bool:
    """An agent of ours who asks themselves answers for whose data they look at."""
    return by.kind == "agent" and any(said["source"] == "agent" for said in call.sources.values())


def _find_out(call: Call, mine: int, wired: Wired, reason: str, by: Actor) -> Call:
    """Ask at once; what the other system has not seen by now may still be on its way, so the clock asks again."""
    if call.effect == "read":
        return outcome.failed(call, mine, reason, again=True, by=by)
    try:
        result = wired.tool.look_up(str(call.sent_as))
    except CannotSay as error:
        if not error.later and not wired.spec.idempotent:
            return outcome.unknown(call, mine, reason, by=by)
        return outcome.in_doubt(call, mine, reason)
    except Exception:
        log.exception("a tool could not say what became of a call", tool=call.tool, call=call.pk)
        return outcome.in_doubt(call, mine, reason)
    return outcome.done(call, mine, result, by=by) if result else outcome.in_doubt(call, mine, reason)
