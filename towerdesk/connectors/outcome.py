"""Write down what became of a call. Only whoever claimed it last may say, and what is known to be done stays done."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from towerdesk.connectors.claim import Asked, new_call, the_same
from towerdesk.connectors.contract import NotDone, Preview, Result
from towerdesk.connectors.given import Checked
from towerdesk.connectors.models import Call
from towerdesk.connectors.registry import Wired
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.insist import insist
from towerdesk.lib.locks import one_at_a_time

MOST_KEPT = 200_000  # characters of a result
ENDED = ("done", "undone")


def done(call: Call, mine: int, result: Result, *, by: Actor) -> Call:
    """Also late: after it was unknown, or after a person thought that it had not happened."""

    def write(held: Call) -> None:
        held.result = {"content": result.content, "sentence": result.sentence, "external_id": result.external_id}
        _end(held, "done", "")
        if held.effect != "read":
            told = held.sentence
            record("tool.done", by=by, ticket=held.ticket_id, subject=held.pk, tool=held.tool, sentence=told)
        took_back(held, by=by)

    return _write(call, mine, write)


def failed(call: Call, mine: int, reason: str, *, again: bool = False, by: Actor) -> Call:
    """It surely did not happen. `again`: the same key may be tried once more."""

    def write(held: Call) -> None:
        held.again = again
        _end(held, "failed", reason)
        if held.effect != "read":
            said: dict[str, Any] = {"tool": held.tool, "title": held.title, "reason": reason, "again": again}
            record("tool.failed", by=by, ticket=held.ticket_id, subject=held.pk, **said)

    return _write(call, mine, write)


def unknown(call: Call, mine: int, reason: str, *, by: Actor) -> Call:
    """Nobody can tell by themselves: the event has a person asked (`flow`)."""

    def write(held: Call) -> None:
        _end(held, "unknown", reason)
        said: dict[str, Any] = {"tool": held.tool, "title": held.title, "reason": reason}
        record("tool.unknown", by=by, ticket=held.ticket_id, subject=held.pk, **said)

    return _write(call, mine, write)


def in_doubt(call: Call, mine: int, reason: str) -> Call:
    """It stays claimed: the clock finds out (`recover`)."""

    def write(held: Call) -> None:
        held.note = reason
        held.save(update_fields=["note"])

    return _write(call, mine, write)


def never_left(wired: Wired, found: Checked, asked: Asked, error: NotDone) -> Call:
    """Before any claim the other system said that it would not take it."""
    with transaction.atomic(durable=True):
        one_at_a_time(f"call {asked.key}")
        call = Call.objects.filter(key=asked.key).first()
        if call and not call.again:
            return the_same(call, wired, found, asked)
        call = call or new_call(wired, found, asked, Preview(wired.spec.title))
        call.state, call.note, call.again, call.ended_at = "failed", str(error), error.later, now()
        call.save()
        said = {"tool": call.tool, "title": call.title, "reason": call.note, "again": call.again}
        record("tool.failed", by=asked.by, ticket=call.ticket_id, subject=call.pk, cause=asked.cause, **said)
        return call


def took_back(call: Call, *, by: Actor) -> None:
    """A call that undoes another one is done. Inside its transaction."""
    if call.undoes_id and Call.objects.filter(pk=call.undoes_id, state="done").update(state="undone"):
        undone = Call.objects.get(pk=call.undoes_id)
        said: dict[str, Any] = {"tool": undone.tool, "sentence": undone.sentence}
        record("tool.undone", by=by, ticket=undone.ticket_id, subject=undone.pk, **said)


def _write(call: Call, mine: int, write: Callable[[Call], None]) -> Call:
    """The other system has done its part, so this must not get lost for a database that is being started again."""

    def once() -> Call:
        with transaction.atomic():
            held = Call.objects.select_for_update().get(pk=call.pk)
            if held.tries == mine and held.state not in ENDED:
                write(held)
            return held

    return insist(once)


def _end(call: Call, state: str, note: str) -> None:
    call.state, call.note, call.ended_at = state, note, now()
    call.save(update_fields=["state", "note", "ended_at", "again", "result"])
