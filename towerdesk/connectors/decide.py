"""A person says yes or no to a call that waits for them; nobody's word in time is a no."""

from django.db import transaction

from towerdesk.connectors import registry
from towerdesk.connectors.approval import APPROVED, must_be_approver
from towerdesk.connectors.carry_out import carry_out
from towerdesk.connectors.claim import hold_setting, take
from towerdesk.connectors.limits import must_be_within
from towerdesk.connectors.models import Call, ToolSetting
from towerdesk.connectors.read_back import read_back
from towerdesk.connectors.registry import Wired
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Refused

TOO_LATE = "Nobody approved it in time."


def approve(call: Call, *, by: Actor, cause: Event | None = None) -> Call:
    """It is made at once, outside of any transaction; see `use` for what it may be then."""
    wired = registry.tool(call.tool)
    if not wired.usable:
        raise Refused(f"{call.title} is switched off. See Settings → Connections.")
    return read_back(carry_out(_approved(call, wired, by, cause), wired, by=by), by=by)


def decline(call: Call, why: str = "", *, by: Actor, cause: Event | None = None) -> Call:
    must_be_approver(call, _setting_of(call), by)
    return _turned_down(call, f"{by.name} declined: {why}" if why else f"{by.name} declined.", by, cause)


def expire() -> int:
    """Run by the clock. How many nobody approved in time."""
    late = list(Call.objects.filter(state="planned", expires_at__lte=now()).order_by("pk")[:100])
    for call in late:
        _turned_down(call, TOO_LATE, CLOCK, None)
    return len(late)


def _approved(call: Call, wired: Wired, by: Actor, cause: Event | None) -> Call:
    with transaction.atomic(durable=True):
        held = _hold(call)
        setting = hold_setting(wired)
        must_be_approver(held, setting, by)
        if held.expires_at and held.expires_at <= now():
            raise Conflict(f"{TOO_LATE} It would have to be asked for anew.")
        must_be_within(setting, held.title, held.amount, held.person)
        held.warrant, held.decided_by = f"{APPROVED}{by.name}"[:60], by.name
        take(held)
        said = {"tool": held.tool, "sentence": held.preview.get("sentence") or held.title}
        record("tool.approved", by=by, ticket=held.ticket_id, subject=held.pk, cause=cause, **said)
        return held


def _turned_down(call: Call, note: str, by: Actor, cause: Event | None) -> Call:
    with transaction.atomic():
        held = _hold(call)
        held.state, held.note, held.ended_at, held.decided_by = "declined", note, now(), by.name
        held.save(update_fields=["state", "note", "ended_at", "decided_by"])
        said = {"tool": held.tool, "title": held.title, "note": note}
        record("tool.declined", by=by, ticket=held.ticket_id, subject=held.pk, cause=cause, **said)
        return held


def _setting_of(call: Call) -> ToolSetting:
    """Also of a tool that is no longer there."""
    mine = ToolSetting.objects.filter(connection=call.connection_id, tool=call.tool.partition(".")[2])
    return mine.first() or ToolSetting()


def _hold(call: Call) -> Call:
    held = Call.objects.select_for_update().get(pk=call.pk)
    if held.state != "planned":
        raise Conflict(f"It no longer waits: {held.get_state_display().lower()}.")
    return held
