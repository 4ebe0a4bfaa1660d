"""Take back replies that have not left yet: a person's undo, and the assistant falling silent when a person takes over."""

from django.db import transaction
from django.db.models import Q, QuerySet

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.compiled import compiled
from towerdesk.lib.errors import Conflict
from towerdesk.tickets import next_step
from towerdesk.tickets.hold import hold_ticket_of
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.models.message import ANSWERERS
from towerdesk.tickets.save import save


def withdraw(message: Message, why: str, *, by: Actor, cause: Event | None = None) -> None:
    """Stop one reply; the ticket waits on us again. Raises `Conflict` when it has already been claimed for sending."""
    by.must("message.stop")
    with transaction.atomic():
        ticket = hold_ticket_of(message)
        if ticket.status in ("pending", "resolved"):
            ticket.status, ticket.resolved_at, ticket.resolution, ticket.known_by = "open", None, "", ""
        ticket.handler = "person"
        step = next_step.plan(ticket, next_step.answer(ticket))
        save(ticket, "status", "handler", "resolved_at", "resolution", "known_by", also=step)
        if not take_back(ticket, message, why, by=by, cause=cause):
            raise Conflict("Too late to stop this reply: it is already on its way.")


def withdraw_pending(ticket: Ticket, why: str, *, by: Actor, cause: Event | None = None) -> int:
    """Withdraw what the assistant queued and has not sent. Call inside a verb's transaction, with the ticket held."""
    said: list[Message] = _said_by_assistant(ticket=ticket.pk)
    # Not asked of the database: it would read the whole desk's queue to find this ticket's part of it.
    waiting = [message for message in said if message.delivery == "queued"]
    return sum(take_back(ticket, message, why, by=by, cause=cause) for message in waiting)


@compiled
def _said_by_assistant(*, ticket: int) -> "QuerySet[Message]":
    messages = Message.objects.filter(ticket=ticket, direction="out", author_kind="assistant")
    return messages.only("ticket_id", "delivery").order_by()


def take_back(ticket: Ticket, message: Message, why: str, *, by: Actor, cause: Event | None = None) -> bool:
    """Compete with the sender's claim: one UPDATE decides who of the two was first. The ticket is held."""
    won = Message.objects.filter(pk=message.pk, delivery="queued").update(delivery="withdrawn", delivery_note=why[:500])
    if won:
        message.delivery = "withdrawn"
        _forget_first(ticket)
        record("message.withdrawn", by=by, ticket=message.ticket_id, subject=message.pk, cause=cause, why=why)
    return bool(won)


def _forget_first(ticket: Ticket) -> None:
    """An answer that never left is none: the first one is the earliest of those that remain."""
    answers = Q(call=None) | Q(call__outcome="answered")
    said = (
        ticket.messages.but_receipts()
        .filter(answers, direction="out", public=True, author_kind__in=ANSWERERS)
        .exclude(delivery="withdrawn")
    )
    first = said.order_by("id").values_list("send_after", flat=True).first()
    if ticket.first_reply_at != first:
        ticket.first_reply_at = first
        ticket.save(update_fields=["first_reply_at"])
