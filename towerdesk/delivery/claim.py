"""Claim a reply before the network is touched: from here on nobody else sends it or takes it back."""

from datetime import timedelta

from django.db import transaction

from towerdesk.accounts.halt import STOPPED, halted
from towerdesk.channels.contract import Outgoing
from towerdesk.channels.registry import channel
from towerdesk.delivery.compose import AUTOMATIC, is_automatic
from towerdesk.delivery.models import Attempt
from towerdesk.delivery.way_out import call_of, way_out
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.people.complain import has_complained
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.models.message import RECEIPT
from towerdesk.tickets.reply import warrant_allows
from towerdesk.tickets.terms import wants_no_more
from towerdesk.tickets.withdraw import withdraw

MOST_AUTOMATIC = 5
"""Automatic replies that one person gets within an hour."""


def claim(message: Message, outgoing: Outgoing) -> Attempt | None:
    """None when it is not due, somebody else has it, or it must stay unsaid: then it is withdrawn."""
    with transaction.atomic():
        ticket = message.ticket.hold()
        fresh = Message.objects.get(pk=message.pk)
        if fresh.delivery != "queued" or (fresh.send_after and fresh.send_after > now()):
            return None
        if fresh.ticket_id != ticket.pk:
            return None  # a merge moved it since it was composed: the next minute sends it from where it is
        if waits_for(fresh, ticket):
            return None
        why = why_silent(fresh, ticket)
        if why:
            withdraw(message, why, by=CLOCK)
            return None
        inbox = way_out(message)
        id_ = channel(inbox.channel).id_of(message.pk, inbox.address)
        named = {"message_id": id_} if id_ else {}
        Message.objects.filter(pk=message.pk).update(delivery="sending", delivery_note="", **named)
        return Attempt.objects.create(
            message=message,
            number=message.attempts.count() + 1,
            claimed_at=now(),
            recipients=[*outgoing.to, *outgoing.cc],
        )


def waits_for(message: Message, ticket: Ticket) -> Message | None:
    """The earlier reply that this one must not overtake. Mails find their order by themselves, a chat shows what comes."""
    if call_of(message) or channel(ticket.inbox.channel).identity == "email":
        return None
    earlier = ticket.messages.filter(direction="out", public=True, pk__lt=message.pk, call=None)
    return earlier.filter(delivery__in=("queued", "sending")).order_by("pk").first()


def why_silent(message: Message, ticket: Ticket) -> str:
    """Laws 6 and 7, asked at the last moment, with the ticket held. Empty when it may be said."""
    if message.author_kind not in AUTOMATIC:
        return ""
    is_receipt = message.warrant == RECEIPT  # true whatever else is written, and whoever has the ticket
    newer = ticket.messages.filter(direction="in", public=True, auto="", pk__gt=message.pk)
    if not is_receipt and newer.exists():
        return "Another message came in after this was written"
    if not is_automatic(message):
        return ""
    if message.author_kind == "assistant" and halted():
        return STOPPED
    if has_complained(ticket.requester_id):
        return f"{ticket.requester.first_name} reported a reply as spam, so nothing leaves automatically"
    if not (is_receipt or warrant_allows(ticket)):
        return "A person has this ticket in hand"
    if wants_no_more(ticket):
        return f"{ticket.requester.first_name} asked for no more messages"
    answered = ticket.messages.filter(direction="in", public=True, pk__lt=message.pk).order_by("-pk").first()
    if answered and answered.trust.get("wishes"):
        return "It would answer a word such as STOP or HELP, which the network answers by itself"
    if answered and answered.auto:
        return "It would answer an automatic message automatically"
    if _automatic_within_the_hour(ticket) >= MOST_AUTOMATIC:
        return f"{ticket.requester.first_name} got {MOST_AUTOMATIC} automatic replies within an hour"
    return ""


def _automatic_within_the_hour(ticket: Ticket) -> int:
    lately = Attempt.objects.filter(claimed_at__gt=now() - timedelta(hours=1)).exclude(outcome__in=("retry", "failed"))
    theirs = lately.filter(message__ticket__requester=ticket.requester_id, message__author_kind__in=AUTOMATIC)
    return theirs.values("message").distinct().count()
