"""The visitor says that the chat is over."""

from django.db import transaction

from towerdesk.chats.leave import leave
from towerdesk.chats.models import Visitor
from towerdesk.chats.state import ticket_of
from towerdesk.events.record import record


def end_chat(visitor: Visitor) -> bool:
    """Whether it was news. What is unanswered stays ours to answer."""
    ticket = ticket_of(visitor)
    if ticket is None or visitor.left_at is not None:
        return False
    with transaction.atomic():
        record("chat.ended", by=ticket.requester.actor(), ticket=ticket.pk, subject=visitor.pk)
        leave(visitor, by=ticket.requester.actor())
    return True
