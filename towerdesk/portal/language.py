"""Which language a page speaks that a link in one of our mails leads to."""

from django.http import HttpRequest

from towerdesk.tickets.models import Ticket


def language_of(request: HttpRequest, ticket: Ticket) -> str:
    """The ticket's, else the first that the browser would like; words that are missing are said in English."""
    wished = request.headers.get("Accept-Language", "").split(",")[0]
    return (ticket.language or wished or "en")[:2].lower()
