"""Find what a request names, among what its key may see. The same sentence for what is not there and what is hidden."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query

from towerdesk.api.security import asker
from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.lib.pages import MOST
from towerdesk.tickets.models import Message, Ticket

type Id = Annotated[int, Path(ge=1, lt=2**63)]
type Cursor = Annotated[str | None, Query(max_length=1000, description="The `next` of the page before.")]
type Limit = Annotated[int, Query(ge=1, le=MOST)]
type Filter = Annotated[str, Query(max_length=2000, description="The condition language, as in the desk's search box.")]


def the_ticket(request: HttpRequest, number: int) -> Ticket:
    ticket = Ticket.objects.visible_to(asker(request)).for_strips().filter(pk=number).first()
    if ticket is None:
        raise _no_ticket(number)
    return ticket


def the_ticket_to_answer(request: HttpRequest, number: int) -> Ticket:
    """With only what writing on it needs."""
    tickets = Ticket.objects.visible_to(asker(request)).select_related("requester", "inbox")
    ticket = tickets.filter(pk=number).order_by().first()
    if ticket is None:
        raise _no_ticket(number)
    return ticket


def _no_ticket(number: int) -> NotFound:
    return NotFound(f"There is no ticket {number} that this key may see.")


def the_message(request: HttpRequest, message: int) -> Message:
    found = Message.objects.visible_to(asker(request)).prefetch_related("attachments").filter(pk=message).first()
    if found is None:
        raise NotFound(f"There is no message {message} that this key may see.")
    return found


def not_nul(text: str | None) -> str | None:
    if text and "\0" in text:
        raise Invalid("The text holds a NUL character: take it out.")
    return text
