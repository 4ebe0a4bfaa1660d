"""A call of a tool that waits for a person's word, or whose fate nobody knows, is the next step of its ticket."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from towerdesk.connectors.models import Call, CallQuerySet
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.reopen import reopen
from towerdesk.tickets.save import save

LONGEST = 120  # characters of what the call would do
ASKS = {"planned": "says yes or no: {what}", "unknown": "finds out whether this happened: {what}"}

ABOUT_CALLS = ("tool.planned", "tool.unknown", "tool.done", "tool.failed", "tool.declined", "tool.settled")
"""What becomes of a call of a tool: each may ask for a person's word, or be the answer to such an ask."""


def ask_for_word(ticket_id: int, call_id: int, *, cause: Event | None = None) -> None:
    """Of what became of a call: safe to repeat. A ticket that is over is opened again, or nobody would be asked."""
    with transaction.atomic():
        ticket = _standing(ticket_id)
        open_ones = calls_of(ticket.pk).open() if ticket else Call.objects.none()
        if ticket and (first := open_ones.order_by("-state", "id").first()):
            _ask(ticket, first, cause)
        elif ticket and (call := Call.objects.filter(pk=call_id).first()) and _was_asked(ticket, call):
            why = f"{call.title}: {call.get_state_display().lower()}"
            _plan(ticket, next_step.answer(ticket, why), cause)


def calls_of(number: int) -> CallQuerySet:
    """What was done on a ticket, and on those that were merged into it."""
    merged = Q(merged_into=number) | Q(merged_into__merged_into=number)
    return Call.objects.filter(Q(ticket_id=number) | Q(ticket_id__in=Ticket.objects.filter(merged).values("pk")))


def asks_about(call: Call) -> str:
    """What the step of its ticket says behind the name of whoever is asked; empty when nobody is."""
    return ASKS[call.state].format(what=_what(call)) if call.state in ASKS else ""


def _standing(ticket_id: int) -> Ticket | None:
    """The ticket that it is on by now, held: a merge may have moved everything to another one."""
    ticket = Ticket.objects.filter(pk=ticket_id).first()
    while ticket is not None:
        ticket = ticket.hold()
        if ticket.merged_into_id is None:
            break
        ticket = ticket.merged_into
    return ticket


def _ask(ticket: Ticket, call: Call, cause: Event | None) -> None:
    step = next_step.ask(ticket, asks_about(call))
    if (ticket.step_kind, ticket.next_step) == (step.kind, step.sentence[:200]):
        return
    reopen(ticket, f"somebody {asks_about(call)}", by=CLOCK, cause=cause)
    ticket.status = "open" if ticket.status in ("pending", "hold") else ticket.status
    _plan(ticket, step, cause)


def _plan(ticket: Ticket, step: next_step.Step, cause: Event | None) -> None:
    save(ticket, "status", also=next_step.plan(ticket, step))
    said: dict[str, Any] = {"kind": step.kind, "sentence": step.sentence, "due": step.due.isoformat()}
    record("ticket.step", by=CLOCK, ticket=ticket.pk, cause=cause, **said)


def _was_asked(ticket: Ticket, call: Call) -> bool:
    """The step is still ours: nobody has planned another one meanwhile."""
    asked = (ask.format(what=_what(call)) for ask in ASKS.values())
    return ticket.step_kind == "approve" and any(ticket.next_step.endswith(one) for one in asked)


def _what(call: Call) -> str:
    return str(call.preview.get("sentence") or call.title)[:LONGEST]
