"""Split messages off a ticket: they become a new ticket of the same requester, linked to where they came from."""

from collections.abc import Sequence

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.tickets.models import Link, Message, Ticket
from towerdesk.tickets.open import open_ticket
from towerdesk.tickets.save import save


def split(ticket: Ticket, messages: Sequence[int], subject: str, *, by: Actor, cause: Event | None = None) -> Ticket:
    """`messages` are ids. Merging the new ticket back into the old one undoes it."""
    by.must("ticket.split")
    with transaction.atomic():
        ticket.hold()
        chosen = _chosen(ticket, messages)
        made = _open(ticket, subject, by=by, cause=cause)
        Message.objects.filter(pk__in=[one.pk for one in chosen]).update(ticket=made)
        Link.objects.create(ticket=made, other=ticket, kind="split", by_name=by.name[:200])
        save(ticket)
        record("ticket.split", by=by, ticket=ticket.pk, cause=cause, other=made.number, messages=len(chosen))
        record("ticket.split_from", by=by, ticket=made.pk, cause=cause, other=ticket.number, messages=len(chosen))
    return made


def _chosen(ticket: Ticket, messages: Sequence[int]) -> list[Message]:
    all_of_it = list(ticket.messages.only("pk", "delivery", "ticket_id"))
    chosen = [message for message in all_of_it if message.pk in set(messages)]
    if not chosen or len(chosen) < len(set(messages)):
        raise Invalid("Choose the messages of this ticket that shall become a new one.")
    if len(chosen) == len(all_of_it):
        raise Invalid("Leave at least one message here: a ticket without any says nothing.")
    if any(message.delivery in ("queued", "sending") for message in chosen):
        raise Conflict("One of these replies is still on its way: wait until it has left, or stop it.")
    return chosen


def _open(ticket: Ticket, subject: str, *, by: Actor, cause: Event | None) -> Ticket:
    return open_ticket(
        subject.strip() or ticket.subject,
        requester=ticket.requester,
        inbox=ticket.inbox,
        team=ticket.team,
        assignee=ticket.assignee,
        priority=ticket.priority,
        type=ticket.type,
        language=ticket.language,
        person_asked_at=ticket.person_asked_at,
        by=by,
        cause=cause,
    )
