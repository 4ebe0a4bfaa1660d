"""The grace window: for how long an answer takes up the ticket again that it answers."""

from datetime import timedelta

from towerdesk.events.models import Event
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.thanks import is_thanks


def starts_anew(ticket: Ticket, text: str) -> bool:
    """An answer to a ticket closed longer ago than its inbox allows is a new request, linked to the old one.

    A mere thank-you never is: it stays with what it thanks for.
    """
    return is_long_closed(ticket) and not is_thanks(text)


def is_long_closed(ticket: Ticket) -> bool:
    if ticket.status != "closed":
        return False
    closed = Event.objects.of(ticket.pk).filter(kind="ticket.closed").order_by("-id").values_list("at", flat=True)
    return now() - (closed.first() or ticket.updated_at) > timedelta(days=ticket.inbox.reopen_days)
