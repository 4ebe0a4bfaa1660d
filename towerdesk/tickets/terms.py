"""What may be written to the customer of a ticket now: some providers set an end to it, and some customers do."""

from django.db.models import QuerySet

from towerdesk.channels.account import account_of
from towerdesk.channels.contract import Lately, Limiting, Terms
from towerdesk.channels.registry import channel
from towerdesk.lib.errors import Unavailable
from towerdesk.tickets.models import Message, Ticket


def terms_of(ticket: Ticket) -> Terms:
    """Without a sentence when there is nothing to say."""
    speaks = channel(ticket.inbox.channel)
    if not isinstance(speaks, Limiting):
        return Terms()
    try:
        return speaks.terms(lately(ticket), account_of(ticket.inbox))
    except Unavailable as error:
        return Terms(str(error))


def why_not(ticket: Ticket, text: str) -> str:
    """Why this text can't leave by the ticket's inbox now, or nothing. Its secrets may be unreadable: then it waits."""
    speaks = channel(ticket.inbox.channel)
    if not isinstance(speaks, Limiting):
        return ""
    try:
        return speaks.refuses(text, lately(ticket), account_of(ticket.inbox))
    except Unavailable:
        return ""


def wants_no_more(ticket: Ticket) -> bool:
    """They asked for it with a word that telephone networks know, such as STOP."""
    return isinstance(channel(ticket.inbox.channel), Limiting) and lately(ticket).stopped_at is not None


def lately(ticket: Ticket) -> Lately:
    """Of the whole conversation, whichever tickets it went through."""
    there = conversation_of(ticket)
    if not there:
        return Lately()
    heard = _heard(ticket, there)
    newest = heard.values_list("created_at", "trust__link").first() or (None, None)
    wishes = heard.filter(trust__wishes__in=("stop", "start")).values_list("trust__wishes", "created_at").first()
    stopped_at = wishes[1] if wishes and wishes[0] == "stop" else None
    return Lately(newest[0], stopped_at, there, newest[1] or "")


def conversation_of(ticket: Ticket, *, before: int | None = None) -> str:
    """Where the customer wrote last by the door that replies leave by, before the message with that number if any."""
    there = ticket.messages.filter(direction="in", public=True, channel=ticket.inbox.channel).exclude(thread_key="")
    there = there.filter(pk__lt=before) if before else there
    return there.order_by("-pk").values_list("thread_key", flat=True).first() or ""


def _heard(ticket: Ticket, conversation: str) -> "QuerySet[Message]":
    theirs = Message.objects.filter(thread_key=conversation, direction="in", public=True)
    return theirs.filter(ticket__inbox=ticket.inbox_id, channel=ticket.inbox.channel).order_by("-created_at", "-pk")
