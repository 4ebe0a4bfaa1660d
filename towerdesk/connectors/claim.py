"""Claim a call before the network is touched, or write down that it waits: from here on nobody else makes it."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from towerdesk.connectors.approval import APPROVED, why_it_waits
from towerdesk.connectors.contract import Preview
from towerdesk.connectors.given import Checked
from towerdesk.connectors.limits import are_set, must_be_within
from towerdesk.connectors.models import Call, ToolSetting
from towerdesk.connectors.registry import Wired
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Refused
from towerdesk.lib.locks import one_at_a_time


class Changed(Conflict):
    """It would do something else by now than what somebody agreed to, or something was done beside it meanwhile."""

    def __init__(self) -> None:
        super().__init__("It is not as you have seen it any more. Look at it as it is now, then say yes.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants a call, under which key, and why. `persons` are all addresses that the requester is known by.

    `after` is the newest change that they had seen on the ticket (`newest_change`): another one by now raises `Changed`.
    """

    key: str
    by: Actor
    ticket: int | None = None
    persons: tuple[str, ...] = ()
    run: int | None = None
    warrant: str = ""
    cause: Event | None = None
    undoes: Call | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """`mine`: whoever holds this makes the call. Else somebody else did, does, or a person is asked first."""

    call: Call
    mine: bool


def claim(wired: Wired, found: Checked, asked: Asked, preview: Preview) -> Claim:
    """Committed when this returns. Raises `Refused` for a limit, `Conflict` for a key that stood for something else, and
    `Changed` (see `Asked`).
    """
    with transaction.atomic(durable=True):
        one_at_a_time(f"call {asked.key}")
        call = Call.objects.filter(key=asked.key).first()
        if call and not call.again:
            return Claim(the_same(call, wired, found, asked), mine=False)
        if call:
            the_same(call, wired, found, asked)
        if wired.spec.effect != "read":
            _nothing_came_between(asked)
        setting = hold_setting(wired)
        must_be_within(setting, wired.spec.title, found.amount, found.person)
        call = call or new_call(wired, found, asked, preview)
        warrant = call.warrant or asked.warrant
        waits = why_it_waits(setting, wired.spec.effect, found.amount, by=asked.by, warrant=warrant)
        if waits:
            _plan(call, setting, waits, asked)
        else:
            take(call)
        return Claim(call, mine=not waits)


def the_same(call: Call, wired: Wired, found: Checked, asked: Asked) -> Call:
    one = (call.tool, call.arguments, call.ticket_id)
    if one != (wired.name, found.arguments, asked.ticket):
        raise Conflict(
            f"The key {asked.key} stands for another call already ({call}). Each call needs a key of its own."
        )
    return call


def newest_change(ticket: int) -> int:
    """The number of the last call that stands on a ticket, see `CallQuerySet.standing`; 0 when there is none."""
    return Call.objects.of(ticket).standing().order_by("-pk").values_list("pk", flat=True).first() or 0


def _nothing_came_between(asked: Asked) -> None:
    """Whatever changes something for one ticket is claimed one after the other, so that of two at once one is the second."""
    if asked.ticket is None:
        return
    one_at_a_time(f"changes for ticket {asked.ticket}")
    if asked.after is not None and newest_change(asked.ticket) != asked.after:
        raise Changed


def hold_setting(wired: Wired) -> ToolSetting:
    """As it is now. Where something is limited it is held, so that two at once can't both be the last."""
    mine = ToolSetting.objects.filter(pk=wired.setting.pk)
    setting = (mine.select_for_update() if are_set(wired.setting) else mine).first()
    if setting is None or not setting.enabled:
        raise Refused(f"{wired.spec.title} is switched off. See Settings → Connections.")
    setting.connection = wired.connection
    return setting


def take(call: Call) -> None:
    call.state, call.tries, call.claimed_at, call.ended_at = "claimed", call.tries + 1, now(), None
    call.again, call.note, call.expires_at = False, "", None
    call.save()


def new_call(wired: Wired, found: Checked, asked: Asked, preview: Preview) -> Call:
    return Call(
        connection=wired.connection,
        tool=wired.name,
        effect=wired.spec.effect,
        title=wired.spec.title[:200],
        key=asked.key,
        arguments=found.arguments,
        sources=found.sources,
        amount=found.amount,
        preview=as_json(preview) | {"undo": wired.spec.undo is not None},
        ticket_id=asked.ticket,
        run_id=asked.run,
        person=found.person[:320],
        persons=list(asked.persons),
        by_kind=asked.by.kind,
        by_id=asked.by.id,
        by_name=asked.by.name[:200],
        warrant=asked.warrant.replace(APPROVED, "")[:60],
        undoes=asked.undoes,
    )


def as_json(preview: Preview) -> dict[str, object]:
    changes = [{"what": one.what, "was": one.was, "now": one.now} for one in preview.changes]
    return {"sentence": preview.sentence, "changes": changes}


def _plan(call: Call, setting: ToolSetting, waits: str, asked: Asked) -> None:
    call.state, call.note, call.again = "planned", waits, False
    call.expires_at = now() + timedelta(hours=setting.approve_within_hours)
    call.save()
    said = {"tool": call.tool, "sentence": call.preview["sentence"], "why": waits}
    record("tool.planned", by=asked.by, ticket=call.ticket_id, subject=call.pk, cause=asked.cause, **said)
