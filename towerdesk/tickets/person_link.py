"""The token behind "talk to a person": it can do nothing but that."""

from towerdesk.tickets.link_token import ticket_with, token_for
from towerdesk.tickets.merge import standing
from towerdesk.tickets.models import Ticket

PURPOSE = "person"


def person_token(ticket: Ticket) -> str:
    return token_for(PURPOSE, ticket)


def ticket_of(token: str) -> Ticket | None:
    """The one that it was merged into, if it was."""
    found = ticket_with(PURPOSE, token)
    return standing(found) if found else None
