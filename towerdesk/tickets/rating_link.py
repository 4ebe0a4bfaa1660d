"""The token behind the one-click question in a reply."""

from towerdesk.tickets.link_token import ticket_with, token_for
from towerdesk.tickets.models import Ticket

PURPOSE = "rating"


def rating_token(ticket: Ticket) -> str:
    return token_for(PURPOSE, ticket)


def ticket_of(token: str) -> Ticket | None:
    return ticket_with(PURPOSE, token)
