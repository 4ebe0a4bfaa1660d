"""The one way a verb writes a ticket: held, stamped, only the fields that changed."""

from collections.abc import Iterable

from towerdesk.lib.clock import now
from towerdesk.tickets.models import Ticket


def save(ticket: Ticket, *fields: str, also: Iterable[str] = ()) -> None:
    ticket.updated_at = now()
    ticket.save(update_fields=[*fields, *also, "updated_at"])
