"""Give a ticket to someone."""

from django.db import transaction

from towerdesk.accounts.models import Team, User
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.save import save
from towerdesk.tickets.settle_handoff import settle_handoff
from towerdesk.tickets.withdraw import withdraw_pending


def assign(ticket: Ticket, to: User | Team, *, by: Actor, cause: Event | None = None) -> None:
    """A team takes it from any person; a person takes it from the assistant, whose unsent words are withdrawn.

    By hand it settles a handoff that waits; what routing gives within the receiving team is still to be accepted.
    """
    by.must("ticket.assign")
    if isinstance(to, User) and not to.is_active:
        raise Invalid(f"{to} no longer works here: choose somebody else.")
    with transaction.atomic():
        ticket.hold()
        if _has(ticket, to):
            return
        waits, was = settle_handoff(ticket, by=by, cause=cause), ticket.owner_name
        if _has(ticket, to):  # the sender took it back, and had it before
            return
        team, caller = ticket.team_id, next_step.who(ticket)
        _hand_over(ticket, to, by=by, cause=cause)
        replan = ticket.step_kind in ("answer", "assistant") and not (waits and ticket.team_id == team)
        step = next_step.plan(ticket, next_step.answer(ticket)) if replan else next_step.pass_on(ticket, caller)
        save(ticket, "team", "assignee", "handler", also=step)
        record("ticket.assigned", by=by, ticket=ticket.pk, cause=cause, was=was, now=str(to), team=str(ticket.team))


def _has(ticket: Ticket, owner: User | Team) -> bool:
    return owner == (ticket.assignee or ticket.team)


def _hand_over(ticket: Ticket, to: User | Team, *, by: Actor, cause: Event | None) -> None:
    if isinstance(to, Team):
        ticket.team, ticket.assignee = to, None
        return
    ticket.assignee, ticket.handler = to, "person"
    if ticket.status == "new":
        ticket.status = "open"
        ticket.save(update_fields=["status"])
    withdraw_pending(ticket, f"{to.first_name} took this", by=by, cause=cause)
