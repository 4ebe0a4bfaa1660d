"""Accept what was offered, or let it pass to somebody else."""

from django.db import transaction

from towerdesk.accounts.models import User
from towerdesk.automation.models import Placement
from towerdesk.automation.routing.route import actor, give, pass_over
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict
from towerdesk.tickets.assign import assign
from towerdesk.tickets.models import Ticket


def accept(ticket: Ticket, user: User, *, by: Actor) -> None:
    by.must("ticket.assign")
    with transaction.atomic():
        ticket.hold()
        _offer(ticket, user).delete()
        record("ticket.accepted", by=by, ticket=ticket.pk, to=user.name)


def let_pass(ticket: Ticket, user: User, *, why: str = "", by: Actor) -> None:
    """Back to the team, and to somebody else who can take it."""
    by.must("ticket.assign")
    with transaction.atomic():
        ticket.hold()
        placement = _offer(ticket, user)
        record("ticket.passed", by=by, ticket=ticket.pk, who=user.name, why=why or "let it pass")
        offer_again(ticket, placement, user, by=by)


def offer_again(ticket: Ticket, placement: Placement, user: User, *, by: Actor) -> None:
    """With the ticket held: take it from this person and give it to another, or let it wait in the team."""
    pass_over(placement, [user.pk])
    if ticket.team is None:
        return
    team = ticket.team
    assign(ticket, team, by=actor(placement.route) if by.kind == "clock" else by)
    give(ticket, placement, team)


def _offer(ticket: Ticket, user: User) -> Placement:
    found = Placement.objects.filter(ticket_id=ticket.pk, user=user).exclude(accept_by=None).first()
    if found is None or ticket.assignee_id != user.pk:
        raise Conflict(f"Ticket {ticket.number} is no longer offered to {user.first_name}: somebody has it by now.")
    return found
