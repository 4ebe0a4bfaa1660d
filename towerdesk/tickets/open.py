"""Open a ticket. From its first moment it has a team, a next step and a time for it."""

from typing import Any

from django.db import transaction

from towerdesk.accounts.models import Team, User
from towerdesk.channels.models import Inbox
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.rows import inserting
from towerdesk.lib.text import one_line, storable
from towerdesk.people.models import Person
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.taxonomy.settle import GOVERNED, settle


def open_ticket(
    subject: str,
    *,
    requester: Person,
    inbox: Inbox,
    by: Actor,
    team: Team | None = None,
    assignee: User | None = None,
    priority: str = "",
    cause: Event | None = None,
    **values: Any,
) -> Ticket:
    """`values` are further columns (type, tags, fields, language, …). The inbox's team owns it unless another is named.

    Without a priority it is what the matrix makes of impact and urgency, else normal.
    """
    by.must("ticket.open")
    values |= {"priority": priority} if priority else {}
    values = settle(Ticket(), values) if not values.keys().isdisjoint(GOVERNED) else values
    ticket = Ticket(
        subject=one_line(storable(subject), 500) or "(no subject)",
        requester=requester,
        organisation_id=requester.organisation_id,
        inbox=inbox,
        team=team or inbox.team,
        assignee=assignee,
        created_at=now(),
        updated_at=now(),
        **values,
    )
    next_step.plan(ticket, next_step.answer(ticket))
    with transaction.atomic(savepoint=False):
        _write(ticket, by, cause)
    return ticket


def _write(ticket: Ticket, by: Actor, cause: Event | None) -> None:
    record(
        "ticket.opened",
        by=by,
        ticket=inserting(ticket),
        cause=cause,
        inbox=ticket.inbox_id,
        team=str(ticket.team),
        team_id=ticket.team_id,
        priority=ticket.priority,
        channel=ticket.inbox.channel,
        requester_id=ticket.requester_id,
    )
