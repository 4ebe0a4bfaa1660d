"""A visitor's words are on a ticket: from now on their page follows it, and answers leave by the chat again."""

from django.db import transaction
from django.db.models import Q

from towerdesk.chats.models import Visitor
from towerdesk.chats.presence import NEWS
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.events.tell import tell
from towerdesk.tickets.models import Message
from towerdesk.tickets.save import save


def meet(message: Message, *, cause: Event | None = None) -> Visitor | None:
    """Safe to repeat. The conversation names the visitor; a ticket that went on by mail comes back to the chat."""
    visitor = (
        Visitor.objects.select_related("inbox").filter(key=message.thread_key).first() if message.thread_key else None
    )
    if visitor is None:
        return None
    with transaction.atomic():
        ticket = message.ticket.hold()
        # Asked while the ticket is held, as `leave` does: whoever left after these words is not brought back by them.
        still_here = Q(left_at=None) | Q(left_at__lte=message.created_at)
        if not Visitor.objects.filter(still_here, pk=visitor.pk).update(ticket=ticket, left_at=None):
            return None
        if ticket.inbox_id != visitor.inbox_id and not _answered_elsewhere_since(message, cause):
            ticket.inbox = visitor.inbox
            save(ticket, "inbox")
            by = message.person.actor() if message.person else ticket.requester.actor()
            record("chat.came_back", by=by, ticket=ticket.pk, subject=visitor.pk, cause=cause)
        tell(f"{NEWS}{visitor.pk}", ticket.pk)
    return visitor


def _answered_elsewhere_since(message: Message, cause: Event | None) -> bool:
    """An agent has chosen another way after these words came in: they bring nothing back."""
    since = Q(pk__gt=cause.pk) if cause else Q(at__gt=message.created_at)
    return Event.objects.of(message.ticket_id).filter(since, kind="ticket.answered_by").exists()
