"""The token in a link of a mail: names one ticket and what may be done with it, can't be guessed, holds no secret itself."""

from towerdesk.lib.ids import is_signed, signature
from towerdesk.tickets.models import Ticket

LENGTH = 20  # characters of the signature: 100 bits


def token_for(purpose: str, ticket: Ticket) -> str:
    """`<number>-<signature>`, lower-case letters, digits and one dash: safe in any link."""
    return f"{ticket.pk}-{signature(purpose, str(ticket.pk), LENGTH)}"


def ticket_with(purpose: str, token: str) -> Ticket | None:
    """None for a token that we did not write for this, or whose ticket is gone."""
    number, _, signed = token.partition("-")
    if not (number.isdecimal() and len(number) < 19 and len(signed) == LENGTH):
        return None
    if not is_signed(purpose, number, signed):
        return None
    return Ticket.objects.select_related("requester", "team", "inbox").filter(pk=int(number)).first()
