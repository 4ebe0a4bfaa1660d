"""Accept a ticket that was handed to one's team, or escalated to oneself."""

from datetime import datetime

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Refused
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Handoff, Ticket
from towerdesk.tickets.models.handoff import asked_handoff
from towerdesk.tickets.save import save


def accept_handoff(ticket: Ticket, *, by: Actor, cause: Event | None = None) -> Handoff:
    """From now on the sender is out of it. Raises `Refused` for others than those who were asked."""
    by.must("ticket.hand_off")
    with transaction.atomic():
        ticket.hold()
        handoff = asked_of(ticket, by)
        take_in(handoff, ticket, by=by, cause=cause)
    return handoff


def asked_of(ticket: Ticket, by: Actor) -> Handoff:
    """What this actor is to accept on the (held) ticket."""
    handoff = asked_handoff(ticket)
    if handoff is None or not handoff.waits:
        raise Conflict(f"Nothing on ticket {ticket.number} waits to be accepted: somebody was faster.")
    if not handoff.is_asked_of(by):
        raise Refused(f"{handoff.receiver} is asked to take this over, not {by.name}.")
    return handoff


def take_in(handoff: Handoff, ticket: Ticket, *, by: Actor, cause: Event | None) -> None:
    """With the ticket held."""
    handoff.end("accepted", by)
    save(ticket, also=next_step.plan(ticket, _go_on(handoff, ticket)))
    said = {"sender": handoff.asked_by, "team": handoff.to_name}
    record("handoff.accepted", by=by, ticket=ticket.pk, subject=handoff.pk, cause=cause, **said)


def _go_on(handoff: Handoff, ticket: Ticket) -> next_step.Step:
    step = next_step.after_status(ticket)
    return next_step.Step(step.kind, step.sentence, answer_due(handoff, ticket)) if step.kind == "answer" else step


def answer_due(handoff: Handoff, ticket: Ticket) -> datetime:
    """The promise that stood when it was passed on still stands."""
    return handoff.answer_due or now() + next_step.ANSWER_WITHIN[ticket.priority]
