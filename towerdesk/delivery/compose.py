"""Gather what a reply needs to leave: to whom, in answer to what, with which files."""

from dataclasses import dataclass

from django.db.models import Q

from towerdesk.channels.account import account_of
from towerdesk.channels.contract import Lately, Limiting, NotSent, Outgoing, Quote
from towerdesk.channels.models import Inbox
from towerdesk.channels.registry import channel
from towerdesk.channels.talk import Ring
from towerdesk.delivery.question import person, question
from towerdesk.delivery.way_out import call_of
from towerdesk.lib.clock import now
from towerdesk.lib.files import read
from towerdesk.lib.text import plain_address
from towerdesk.people.models import Identity
from towerdesk.tickets.call_back import SOON
from towerdesk.tickets.models import Attachment, Call, Message, Ticket
from towerdesk.tickets.models.message import RECEIPT
from towerdesk.tickets.terms import conversation_of, lately

AUTOMATIC = ("assistant", "rule")
MOST_IDS = 20


@dataclass(frozen=True, slots=True)
class LoadedFile:
    name: str
    type: str
    content: bytes
    content_id: str = ""
    inline: bool = False

    @property
    def size(self) -> int:
        return len(self.content)


def is_automatic(message: Message) -> bool:
    """Nobody looked at it before it leaves."""
    return message.author_kind in AUTOMATIC and not message.warrant.startswith("approved")


def compose(message: Message) -> Outgoing:
    """Raises `NotSent` when there is nobody to write to."""
    ticket = message.ticket
    if call := call_of(message):
        return _ring(message, call)
    speaks = channel(ticket.inbox.channel)
    newest = ticket.messages.filter(direction="in", public=True, pk__lt=message.pk).order_by("-pk").first()
    to, cc = _recipients(message, ticket, speaks.identity)
    return Outgoing(
        message=message.pk,
        ticket=ticket.pk,
        inbox=ticket.inbox.address,
        sender_name=_sender_name(message, ticket),
        to=to,
        cc=cc,
        subject=ticket.subject,
        text=message.text,
        html=message.html,
        written_at=message.created_at,
        answers=newest.message_id if newest else "",
        thread=_thread(message, ticket),
        quote=_quote(message, newest),
        question=None if message.warrant == RECEIPT else question(ticket),
        person=person(ticket) if is_automatic(message) and message.author_kind == "assistant" else None,
        automatic=is_automatic(message),
        files=[_load(file) for file in message.attachments.order_by("pk")],
        account=account_of(ticket.inbox),
        conversation=conversation_of(ticket, before=message.pk),
        way=str(newest.trust.get("way", "")) if newest else "",
        lately=lately(ticket) if isinstance(speaks, Limiting) else Lately(),
    )


def _quote(message: Message, newest: Message | None) -> Quote | None:
    """What the assistant answers alone to somebody whom nobody vouches for carries none of their words: they may name
    another person as its sender, to whom it then goes."""
    if newest is None or (
        message.author_kind == "assistant"
        and is_automatic(message)
        and newest.channel == "email"
        and not newest.trust.get("verified")
    ):
        return None
    return Quote(newest.author_name, newest.created_at, newest.visible, message.ticket.language)


def _ring(message: Message, call: Call) -> Outgoing:
    """Raises `NotSent` when it was asked for too long ago: nobody sits by the telephone any more."""
    if now() - message.created_at > SOON:
        raise NotSent("it was asked for too long ago", later=False)
    return Outgoing(
        message=message.pk,
        ticket=message.ticket_id,
        inbox=call.inbox.address,
        sender_name=_sender_name(message, message.ticket),
        to=[call.number],
        cc=[],
        subject=message.ticket.subject,
        text=message.text,
        html="",
        written_at=message.created_at,
        account=account_of(call.inbox),
        ring=Ring(call.agent, call.number),
    )


def _recipients(message: Message, ticket: Ticket, identity: str) -> tuple[list[str], list[str]]:
    """Never ourselves: a mail to one of our own inboxes would come back as a new request."""
    ours = {plain_address(address) for address in Inbox.objects.values_list("address", flat=True)}
    to = [
        one
        for one in (message.to or [_address_of_requester(ticket, identity)])
        if one and plain_address(one) not in ours
    ]
    if not to:
        raise NotSent(f"No address of {ticket.requester.first_name} is known to write to.", later=False)
    return to, [one for one in message.cc if one and plain_address(one) not in ours and one not in to]


def _address_of_requester(ticket: Ticket, identity: str) -> str:
    """Where they wrote from last, or where they asked for answers when that was believed; else an address of theirs.

    Of the kind that this inbox's channel reaches: a mail can't be sent to somebody's name in a chat.
    """
    theirs = ticket.messages.filter(direction="in", public=True, person_id=ticket.requester_id).exclude(sender="")
    can_be_mailed = Q(sender__contains="@") | Q(trust__has_key="reply_to")
    theirs = theirs.filter(can_be_mailed if identity == "email" else Q(channel=ticket.inbox.channel))
    last = theirs.order_by("-pk").values_list("sender", "trust").first()
    if last:
        return str(last[1].get("reply_to") or last[0])
    known = Identity.objects.filter(person_id=ticket.requester_id, kind=identity).order_by("-verified", "pk")
    return known.values_list("value", flat=True).first() or ""


def _sender_name(message: Message, ticket: Ticket) -> str:
    desk = ticket.inbox.sender_name or ticket.inbox.name
    if message.author_kind == "agent":
        return f"{message.author_name.split(' ')[0]} · {desk}"
    return desk


def _thread(message: Message, ticket: Ticket) -> list[str]:
    """Ids of the conversation until now, oldest first."""
    before = ticket.messages.filter(public=True, pk__lt=message.pk, call=None).exclude(message_id="").order_by("-pk")
    return list(before.values_list("message_id", flat=True)[:MOST_IDS])[::-1]


def _load(file: Attachment) -> LoadedFile:
    return LoadedFile(file.name, file.type, read(file.path), file.content_id, file.inline)
