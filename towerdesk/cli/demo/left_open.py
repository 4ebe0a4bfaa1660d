"""Tickets whose people stopped in the middle of them because the telling of the past was broken off: settled on the phone."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from towerdesk.accounts import actors
from towerdesk.accounts.models import User
from towerdesk.cli.demo.dice import dice
from towerdesk.cli.demo.office import at_work
from towerdesk.lib import clock
from towerdesk.tickets.close import close
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.resolve import resolve

SETTLED = "Settled on the phone"


def left_open(before: datetime) -> Iterable[Ticket]:
    """What was opened since is not of the past: whoever tries the desk out has sent it."""
    return Ticket.objects.waiting().filter(created_at__lt=before).order_by("pk")


def settle(ticket: Ticket) -> Iterator[datetime]:
    chance = dice("left open", ticket.pk)
    yield at_work(clock.now() + timedelta(hours=chance.uniform(0.5, 8)))
    ticket.refresh_from_db()
    if not ticket.is_waiting:
        return
    has = ticket.assignee or User.objects.filter(teams=ticket.team_id, is_active=True).order_by("pk").first()
    if has is not None:
        by = actors.agent(has)
        resolve(ticket, SETTLED, kind="solved", by=by)
        close(ticket, SETTLED, by=by)
