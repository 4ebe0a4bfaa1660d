"""Find what a request names, among what its key may see. The same sentence for what is not there and what is hidden."""

from collections.abc import Sequence
from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Path, Query

from towerdesk.api.security import asker
from towerdesk.lib.actor import Actor
from towerdesk.lib.compiled import compiled
from towerdesk.lib.errors import Invalid, NotFound
from towerdesk.lib.pages import MOST
from towerdesk.tickets.models import Message, Ticket

type Id = Annotated[int, Path(ge=1, lt=2**63)]
type Cursor = Annotated[str | None, Query(max_length=1000, description="The `next` of the page before.")]
type Limit = Annotated[int, Query(ge=1, le=MOST)]
type Filter = Annotated[str, Query(max_length=2000, description="The condition language, as in the desk's search box.")]


def the_ticket(request: HttpRequest, number: int) -> Ticket:
    return _the(_readable(asker(request), number=number), number)


def the_ticket_to_answer(request: HttpRequest, number: int) -> Ticket:
    """With only what writing on it needs."""
    return _the(_answerable(asker(request), number=number), number)


def hold_to_answer(request: HttpRequest, number: int) -> Ticket:
    """As `the_ticket_to_answer`, locked: call inside the transaction that writes on it, before anything else is locked.

    Looked for twice: a row that waited for somebody who gave the ticket to another team or person is held after the first
    look, but fits no longer to the team and person that were read with it.
    """
    held = _held_to_answer(asker(request), number=number) or _held_to_answer(asker(request), number=number)
    return _the(held, number)


@compiled
def _readable(actor: Actor, *, number: int) -> "QuerySet[Ticket]":
    return Ticket.objects.visible_to(actor).for_strips().filter(pk=number)


@compiled
def _answerable(actor: Actor, *, number: int) -> "QuerySet[Ticket]":
    return Ticket.objects.visible_to(actor).select_related("requester", "inbox").filter(pk=number)


@compiled
def _held_to_answer(actor: Actor, *, number: int) -> "QuerySet[Ticket]":
    return _answerable.build(actor, number=number).select_for_update(of=("self",))


def _the(found: Sequence[Ticket], number: int) -> Ticket:
    if not found:
        raise NotFound(f"There is no ticket {number} that this key may see.")
    return found[0]


def the_message(request: HttpRequest, message: int) -> Message:
    found = Message.objects.visible_to(asker(request)).prefetch_related("attachments").filter(pk=message).first()
    if found is None:
        raise NotFound(f"There is no message {message} that this key may see.")
    return found


def not_nul(text: str | None) -> str | None:
    if text and "\0" in text:
        raise Invalid("The text holds a NUL character: take it out.")
    return text
