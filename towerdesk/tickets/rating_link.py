"""The token behind the one-click question in a reply: names one ticket, can't be guessed, holds no secret itself."""

from towerdesk.lib.ids import is_signed, signature
from towerdesk.tickets.models import Ticket

PURPOSE = "rating"
LENGTH = 20  # characters of the signature: 100 bits


def rating_token(ticket: Ticket) -> str:
    """`<number>-<signature>`, lower-case letters, digits and one dash: safe in any link."""
    return f"{ticket.pk}-{signature(PURPOSE, str(ticket.pk), LENGTH)}"


def ticket_of(token: str) -> Ticket | None:
    """None for a token that we did not write, or whose ticket is gone."""
    number, _, signed = token.partition("-")
    if not (number.isdecimal() and len(number) < 19 and len(signed) == LENGTH):
        return None
    if not is_signed(PURPOSE, number, signed):
        return None
    return Ticket.objects.select_related("requester", "team", "inbox").filter(pk=int(number)).first()
