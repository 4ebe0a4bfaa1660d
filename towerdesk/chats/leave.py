"""A visitor has left for good: what we know of an address lets the ticket go on by mail; what we answered waits for them."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from towerdesk.chats.models import Visitor
from towerdesk.chats.transcript import mail_inbox, missed
from towerdesk.chats.ways import ways_of
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reply import reply
from towerdesk.tickets.save import save

BATCH = 200


def leave_abandoned() -> int:
    """Run by the clock: whose page has been closed for as long as their inbox says. How many had left."""
    away = Visitor.objects.chatting().filter(seen_at__lt=now() - timedelta(minutes=1)).select_related("inbox", "ticket")
    return sum(leave(visitor, by=CLOCK) for visitor in away.order_by("seen_at")[:BATCH] if _is_long_gone(visitor))


def leave(visitor: Visitor, *, by: Actor) -> bool:
    """Whether it was news. Answered: pending, with a time. Not answered: still ours to answer, by mail where that is known."""
    if visitor.ticket is None:
        return False
    with transaction.atomic():
        ticket = visitor.ticket.hold()
        if not Visitor.objects.chatting().filter(pk=visitor.pk).update(left_at=now(), here=False, typing_at=None):
            return False
        unread = missed(visitor)
        by_mail = _go_on_by_mail(visitor, ticket)
        _plan(visitor, ticket)
        record("chat.left", by=by, ticket=ticket.pk, subject=visitor.pk, name=str(visitor))
        if by_mail:
            record("chat.by_mail", by=CLOCK, ticket=ticket.pk, subject=visitor.pk, name=str(visitor), mail=visitor.mail)
        if by_mail and unread:
            reply(ticket, unread, by=CLOCK, then="keep")
    return True


def _is_long_gone(visitor: Visitor) -> bool:
    return visitor.seen_at < now() - timedelta(minutes=ways_of(visitor.inbox).leave_minutes)


def _go_on_by_mail(visitor: Visitor, ticket: Ticket) -> bool:
    """Their newest words say where answers may go, as those of a mail do."""
    inbox = mail_inbox(visitor)
    if not visitor.mail or inbox is None:
        return False
    newest = ticket.messages.filter(direction="in", thread_key=visitor.key).order_by("-pk").first()
    if newest is None:
        return False
    if newest.sender != visitor.mail:
        Message.objects.filter(pk=newest.pk).update(trust={**newest.trust, "reply_to": visitor.mail})
    ticket.inbox = inbox
    save(ticket, "inbox")
    return True


def _plan(visitor: Visitor, ticket: Ticket) -> None:
    if _is_answered(ticket):
        ticket.status = "pending"
        save(ticket, "status", also=next_step.plan(ticket, next_step.remind(ticket)))
    elif ticket.step_kind == "answer":
        step = next_step.answer(ticket, f"{ticket.requester.first_name} left the chat")
        save(ticket, also=next_step.plan(ticket, step))


def _is_answered(ticket: Ticket) -> bool:
    """What was withdrawn or failed is no answer, nor is a receipt."""
    said = Q(direction="in") | Q(delivery__in=("queued", "sending", "sent", "delivered", "read"))
    newest = ticket.messages.but_receipts().filter(said, public=True).order_by("-created_at", "-pk").first()
    return newest is not None and newest.direction == "out"
