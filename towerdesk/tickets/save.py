"""The one way a verb writes a ticket: held, stamped, only the fields that changed."""

from collections.abc import Iterable

from towerdesk.lib.clock import now
from towerdesk.lib.rows import Writing, updating, write
from towerdesk.tickets.models import Ticket


def save(ticket: Ticket, *fields: str, also: Iterable[str] = ()) -> None:
    write(saving(ticket, *fields, also=also))


def saving(ticket: Ticket, *fields: str, also: Iterable[str] = ()) -> Writing:
    """To be written with the event that tells of it."""
    ticket.updated_at = now()
    return updating(ticket, *fields, *also, "updated_at")
