"""Answer the requester. The reply is queued in the same transaction and leaves through `delivery`."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal

from django.db import transaction

from towerdesk.accounts.halt import STOPPED, halted
from towerdesk.events.models import Event
from towerdesk.events.record import record, together
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid, Refused
from towerdesk.lib.files import Kept
from towerdesk.lib.rows import Writing, inserting, write
from towerdesk.tickets import next_step
from towerdesk.tickets.answer_by import answer_by
from towerdesk.tickets.attach import attach
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.models.message import ANSWERERS
from towerdesk.tickets.outgoing import outgoing
from towerdesk.tickets.resolve import resolve
from towerdesk.tickets.save import saving
from towerdesk.tickets.settle_handoff import worked_on
from towerdesk.tickets.taxonomy.demand import must_say
from towerdesk.tickets.terms import why_not
from towerdesk.tickets.withdraw import withdraw_pending

type Then = Literal["wait", "resolve", "keep"]
"""What the ticket does after the reply: waits on the customer, is resolved, or stays as it is."""


def reply(
    ticket: Ticket,
    text: str,
    *,
    by: Actor,
    then: Then = "wait",
    warrant: str = "",
    answers: int | None = None,
    seen: int | None = None,
    pause: timedelta = timedelta(0),
    cc: Sequence[str] = (),
    files: Sequence[Kept] = (),
    way: str = "",
    held: bool = False,
    cause: Event | None = None,
) -> Message:
    """`way` is the key of one of `ways_to_answer(ticket)`; without it, it leaves by the way that the ticket is on.

    `warrant` names what lets the assistant speak (a licence or a person's approval); without it, it is refused. `answers`
    is the id of the newest message from outside that the writer had read, `seen` that of the newest public one: if another
    came in, or a colleague answered since, `Conflict` is raised. `held`: the caller's transaction read and holds the
    ticket, and ends when this is refused.
    """
    by.must("ticket.reply")
    _must_be_said(text, warrant, by)
    with transaction.atomic(savepoint=not held), together():
        if not held:
            ticket.hold()
        _must_still_fit(ticket, answers, seen, by)
        if by.kind != "assistant":
            withdraw_pending(ticket, f"{by.name} answers", by=by, cause=cause)
        to = answer_by(ticket, way, by=by, cause=cause) if way else []
        _must_be_taken(ticket, text, by)
        message = outgoing(ticket, text, by=by, warrant=warrant, pause=pause, to=to, cc=cc)
        waits = worked_on(ticket, by=by, cause=cause)
        took = bool(by.user_id and ticket.assignee_id is None and not waits)
        moved = _move_on(ticket, message, then, took, waits, by=by)
        _queue(message, then, took, moved, by=by, cause=cause)
        attach(files, message)
    return message


def _must_be_said(text: str, warrant: str, by: Actor) -> None:
    if not text.strip():
        raise Invalid("The reply is empty: write something first.")
    if by.kind == "assistant" and not warrant:
        raise Refused("The assistant may not write to customers without a licence or a person's approval.")


def _must_still_fit(ticket: Ticket, answers: int | None, seen: int | None, by: Actor) -> None:
    if ticket.merged_into_id:
        raise Conflict(f"Ticket {ticket.number} was merged into {ticket.merged_into_id}: answer there.")
    if by.kind == "assistant" and halted():
        raise Conflict(f"{STOPPED}.")
    if by.kind == "assistant" and not warrant_allows(ticket):
        raise Conflict("A person has taken this ticket: the assistant stays silent.")
    _must_be_read(ticket, answers)
    _must_not_cross(ticket, seen, by)


def _must_be_read(ticket: Ticket, answers: int | None) -> None:
    if answers is None:
        return
    newest = ticket.messages.filter(public=True, direction="in").order_by("-id").values_list("id", flat=True).first()
    if newest is not None and newest > answers:
        raise Conflict("A new message came in while this was written: read it, then send.")


def _must_not_cross(ticket: Ticket, seen: int | None, by: Actor) -> None:
    """Two people answer at once: the second one is asked first."""
    if seen is None:
        return
    newer = (
        ticket.messages.but_receipts().filter(direction="out", public=True, pk__gt=seen).exclude(delivery="withdrawn")
    )
    other = newer.exclude(author_kind=by.kind, author_id=by.id).order_by("-id").first()
    if other is not None:
        raise Conflict(f"{other.author_name} answered while this was written: read it, then send.")


def _must_be_taken(ticket: Ticket, text: str, by: Actor) -> None:
    """Whoever can write it anew is told at once that the provider will not take it; others are told when it does not leave."""
    if by.kind in ("agent", "key") and (why := why_not(ticket, text)):
        raise Invalid(why)


def warrant_allows(ticket: Ticket) -> bool:
    """The assistant speaks only on tickets that no person has in hand, and where nobody asked for one."""
    return ticket.person_asked_at is None and (ticket.handler == "assistant" or ticket.assignee_id is None)


def _queue(message: Message, then: Then, took: bool, moved: Writing, *, by: Actor, cause: Event | None) -> None:
    writing = [moved]
    if then == "resolve":  # whose event comes first, and says how the ticket stands
        write(*writing)
        writing = []
        resolve(message.ticket, "Answered", by=by, cause=cause)
    said = {"channel": message.channel, "auto": by.kind == "assistant", "then": then, "took": took}
    new = inserting(message)
    record("message.queued", *writing, by=by, ticket=message.ticket_id, subject=new, cause=cause, **said)


def _move_on(ticket: Ticket, message: Message, then: Then, took: bool, passed_on: bool, *, by: Actor) -> Writing:
    """Of a ticket that was `passed_on` and is not accepted yet, that is still the next step, whoever answers meanwhile."""
    if ticket.first_reply_at is None and by.kind in ANSWERERS:
        ticket.first_reply_at = message.send_after
    if took:
        ticket.assignee_id = by.user_id
    ticket.handler = "assistant" if by.kind == "assistant" else "person"
    if then == "wait":
        must_say(ticket, "pending", by=by)
        ticket.status = "pending"
    step = next_step.plan(ticket, next_step.after_status(ticket)) if then == "wait" and not passed_on else []
    return saving(ticket, "first_reply_at", "assignee", "handler", "status", also=step)
