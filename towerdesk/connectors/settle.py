"""A person has found out what became of a call whose fate nobody knew."""

from django.db import transaction

from towerdesk.connectors import outcome
from towerdesk.connectors.models import Call
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Refused


def settle(call: Call, happened: bool, *, by: Actor, cause: Event | None = None) -> Call:
    """When it did not happen, the same key may be tried once more."""
    by.must("tool.settle")
    if by.kind != "agent":
        raise Refused("Only a person can say what became of it.")
    with transaction.atomic():
        held = Call.objects.select_for_update().get(pk=call.pk)
        if held.state != "unknown":
            raise Conflict(f"It is known by now: {held.get_state_display().lower()}. Look again before you decide.")
        held.state, held.again, held.ended_at, held.decided_by = (
            "done" if happened else "failed",
            not happened,
            now(),
            by.name,
        )
        held.note = f"{by.name} found that it {'happened' if happened else 'did not happen'}."
        held.save(update_fields=["state", "again", "ended_at", "decided_by", "note"])
        said = {"tool": held.tool, "title": held.title, "happened": happened, "note": held.note}
        record("tool.settled", by=by, ticket=held.ticket_id, subject=held.pk, cause=cause, **said)
        if happened:
            outcome.took_back(held, by=by)
    return held
