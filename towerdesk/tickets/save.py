"""The one way a verb writes a ticket: held, stamped, only the fields that changed."""

from collections.abc import Iterable

from towerdesk.lib.clock import now
from towerdesk.lib.rows import update
from towerdesk.tickets.models import Ticket


def save(ticket: Ticket, *fields: str, also: Iterable[str] = ()) -> None:
    ticket.updated_at = now()
    update(ticket, *fields, *also, "updated_at")
