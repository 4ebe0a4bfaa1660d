"""A chat as a mail: all of it when the visitor asks for it, or what they had not read when they left."""

from collections.abc import Iterable

import structlog
from django.db import transaction

from towerdesk.channels.account import account_of, not_ready
from towerdesk.channels.contract import FateUnknown, NotSent, Outgoing
from towerdesk.channels.models import Inbox
from towerdesk.channels.registry import channel
from towerdesk.chats.conversation import messages_of
from towerdesk.chats.models import Visitor
from towerdesk.chats.state import ticket_of
from towerdesk.chats.ways import ways_of
from towerdesk.events.record import record
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.models import Message, Ticket

BEYOND = 2 * 10**17
"""Message numbers of these mails lie beyond those of tickets' messages and of approvers' mails."""
MOST = 50

log = structlog.get_logger()


def ask_for_transcript(visitor: Visitor) -> None:
    """It leaves by the worker. Only to the address that the visitor gave us: raises `Invalid` without one.

    Only once we have said something, too: nobody shall have their own words mailed to others in our name.
    """
    ticket = ticket_of(visitor)
    if ticket is None:
        raise Invalid("There is nothing to send yet: write something first.")
    if not messages_of(visitor).filter(direction="out").exists():
        raise Invalid("There is nothing to send yet: we have not answered.")
    if not visitor.mail:
        raise Invalid("Say your mail address first.", {"mail": "This is needed."})
    with transaction.atomic():
        Visitor.objects.filter(pk=visitor.pk).update(transcript_to=visitor.mail)
        by = ticket.requester.actor()
        record("chat.transcript", by=by, ticket=ticket.pk, subject=visitor.pk, mail=visitor.mail)


def send_transcripts() -> int:
    """Claim, then send; what surely did not leave is tried again by the clock. How many went out."""
    wanted = Visitor.objects.exclude(transcript_to="").order_by("pk").values_list("pk", flat=True)[:MOST]
    return sum(_send(number) for number in list(wanted))


def missed(visitor: Visitor) -> str:
    """What was answered and not read, as the words of a mail; empty when they saw it all."""
    unread = messages_of(visitor).filter(direction="out", delivery__in=("sent", "delivered"))
    said = "\n\n".join(message.visible for message in unread.order_by("created_at", "pk"))
    return f"You left our chat before you could read this:\n\n{said}" if said else ""


def mail_inbox(visitor: Visitor) -> Inbox | None:
    mails = Inbox.objects.filter(channel="email", paused=False).order_by("pk")
    chosen = ways_of(visitor.inbox).mail_inbox
    return (mails.filter(pk=chosen).first() if chosen else None) or mails.first()


def _send(number: int) -> bool:
    visitor = Visitor.objects.select_related("inbox", "ticket").get(pk=number)
    inbox, ticket, to = mail_inbox(visitor), ticket_of(visitor), visitor.transcript_to
    if inbox is None or ticket is None or not_ready(inbox):
        return False
    if not Visitor.objects.filter(pk=number, transcript_to=to).exclude(transcript_to="").update(transcript_to=""):
        return False
    try:
        channel(inbox.channel).send(_mail(visitor, ticket, inbox, to))
    except NotSent as error:
        log.warning("a transcript could not be sent", visitor=number, why=str(error))
        if error.later:
            Visitor.objects.filter(pk=number, transcript_to="").update(transcript_to=to)
        return False
    except FateUnknown as error:
        log.warning("nobody knows whether a transcript was sent", visitor=number, why=str(error))
    return True


def _mail(visitor: Visitor, ticket: Ticket, inbox: Inbox, to: str) -> Outgoing:
    """An answer to it goes onto the ticket, by the signed address."""
    at = now()
    return Outgoing(
        message=BEYOND + int(at.timestamp() * 1000),
        ticket=ticket.pk,
        inbox=inbox.address,
        sender_name=inbox.sender_name or inbox.name,
        to=[to],
        cc=[],
        subject=f"Your chat: {ticket.subject}",
        text="\n\n".join(_said(messages_of(visitor).order_by("created_at", "pk"))),
        html="",
        account=account_of(inbox),
        written_at=at,
        automatic=True,
    )


def _said(messages: Iterable[Message]) -> Iterable[str]:
    for message in messages:
        who = "You" if message.direction == "in" else message.author_name.split(" ")[0]
        yield f"{who}, {message.created_at:%d %b %Y, %H:%M} UTC:\n{message.visible or message.text}"
