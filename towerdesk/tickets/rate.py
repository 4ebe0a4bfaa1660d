"""The customer's one-click answer to "did this solve it?"."""

from django.db import transaction

from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.reopen import reopen
from towerdesk.tickets.resolve import confirm
from towerdesk.tickets.save import save

RATINGS = {1: "No", 2: "Partly", 3: "Yes"}


def rate(ticket: Ticket, rating: int, comment: str = "", *, by: Actor) -> None:
    """Yes confirms a resolution; no disputes it and puts the ticket before a person again."""
    by.must("ticket.rate")
    if rating not in RATINGS:
        raise Invalid("Please choose Yes, Partly or No.")
    with transaction.atomic():
        ticket.hold()
        ticket.rating = rating
        save(ticket, "rating")
        record("ticket.rated", by=by, ticket=ticket.pk, rating=rating, comment=comment[:2000])
        if ticket.status in ("resolved", "closed") and rating == 3:
            confirm(ticket, "confirmed", by=by)
        elif ticket.status in ("resolved", "closed") and rating == 1:
            confirm(ticket, "disputed", by=by)
            _take_up_again(ticket, by)


def _take_up_again(ticket: Ticket, by: Actor) -> None:
    """Disputed stays disputed: reopening must not hide that the customer said no."""
    reopen(ticket, "the answer did not help", by=by)
    ticket.known_by = "disputed"
    save(ticket, "known_by")
