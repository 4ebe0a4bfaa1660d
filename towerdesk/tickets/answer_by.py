"""Ways to answer a ticket: the one it is on, those by which its requester wrote on it, and mail to an address that is theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from towerdesk.channels.models import Inbox
from towerdesk.channels.registry import channel
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.people.models import Identity
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.save import save

MOST_MAILS = 4


@dataclass(frozen=True, slots=True)
class Way:
    """`to` is a mail address; empty where the conversation itself says where it goes. The first one is the ticket's own."""

    inbox: Inbox
    to: str = ""
    left: bool = False  # they asked for answers there themselves, and no server vouches for it

    @property
    def key(self) -> str:
        """As a form sends it."""
        return f"{self.inbox.pk}:{self.to}"


def ways_to_answer(ticket: Ticket) -> list[Way]:
    return ways_by(ticket, list(inboxes_to_answer(number=ticket.pk, requester=ticket.requester_id)))


def ways_by(ticket: Ticket, inboxes: Sequence[Inbox]) -> list[Way]:
    """Of what `inboxes_to_answer` found."""
    others = [Way(inbox) for inbox in inboxes if not _is_mail(inbox) and inbox.pk != ticket.inbox_id]
    mail = None if _is_mail(ticket.inbox) else _mail_inbox(ticket, inboxes)
    return [Way(ticket.inbox), *others, *(_by_mail(mail) if mail else [])]


def inboxes_to_answer(*, number: int, requester: int) -> "QuerySet[Inbox]":
    """Those of mail, and those of a conversation that is on this ticket; with the addresses to which mail may go."""
    asked = Message.objects.filter(ticket=number, direction="in", public=True).order_by("-pk")
    theirs = Exists(asked.filter(raw__inbox=OuterRef("pk")).exclude(thread_key=""))
    proven = Identity.objects.filter(person=requester, kind="email", verified=True).order_by("pk")
    left = asked.filter(person=requester, trust__has_key="reply_to")
    open_ones = Inbox.objects.filter(paused=False).exclude(channel="webform")
    return (
        open_ones.filter(Q(channel="email") | theirs)
        .annotate(
            proven=ArraySubquery(proven.values("value")[:MOST_MAILS]),
            asked=Subquery(left.annotate(at=KeyTextTransform("reply_to", "trust")).values("at")[:1]),
        )
        .order_by("pk")
    )


def answer_by(ticket: Ticket, way: str, *, by: Actor, cause: Event | None = None) -> list[str]:
    """Call with the ticket held. From now on replies leave by that way, until the customer comes back by another.

    Returns whom this reply goes to, nobody where the conversation says it. Raises `Invalid` for a way that is none,
    `Conflict` while an earlier reply waits.
    """
    number, _, to = way.partition(":")
    found = next((one for one in _all_ways(ticket) if str(one.inbox.pk) == number and one.to == to), None)
    if found is None:
        raise Invalid(_why_not(ticket, number))
    if found.inbox.pk != ticket.inbox_id:
        _must_have_left(ticket)
        was, ticket.inbox = ticket.inbox, found.inbox
        save(ticket, "inbox")
        names: dict[str, Any] = {"now": found.inbox.name, "was": was.name, "to": found.to}
        record("ticket.answered_by", by=by, ticket=ticket.pk, cause=cause, channel=found.inbox.channel, **names)
    return [found.to] if found.to else []


def _must_have_left(ticket: Ticket) -> None:
    """What still waits would leave by the new way, too."""
    if ticket.messages.filter(direction="out", public=True, delivery__in=("queued", "sending")).exists():
        raise Conflict("An earlier reply has not left yet: stop it or wait a moment, then answer by another way.")


def _all_ways(ticket: Ticket) -> list[Way]:
    """Also to an address by mail while the ticket is on mail already: somebody may have chosen so a moment ago."""
    inboxes = list(inboxes_to_answer(number=ticket.pk, requester=ticket.requester_id))
    mail = _mail_inbox(ticket, inboxes)
    return [*ways_by(ticket, inboxes), *(_by_mail(mail) if mail else [])]


def _why_not(ticket: Ticket, number: str) -> str:
    who = ticket.requester.first_name
    inbox = Inbox.objects.filter(pk=int(number)).first() if number.isascii() and number.isdecimal() else None
    if inbox is None:
        return "Choose by which way to answer: this one is not there any more."
    if inbox.paused:
        return f"{inbox.name} is paused: answer by another way."
    if _is_mail(inbox):
        return f"No mail address is known to be {who}'s: answer by the way they came."
    return f"{who} has not written by {inbox.name} on this ticket, so there is nowhere to answer: choose another way."


def _mail_inbox(ticket: Ticket, inboxes: Sequence[Inbox]) -> Inbox | None:
    """The team's own, or the first one."""
    mails = [inbox for inbox in inboxes if _is_mail(inbox)]
    return next((inbox for inbox in mails if inbox.team_id == ticket.team_id), mails[0] if mails else None)


def _by_mail(inbox: Inbox) -> list[Way]:
    """Verified addresses of the requester; then where they asked for answers on this ticket, while it is not verified."""
    proven: list[str] = getattr(inbox, "proven", [])
    asked: str = getattr(inbox, "asked", None) or ""
    left = [Way(inbox, asked, left=True)] if asked and asked not in proven else []
    return [*(Way(inbox, address) for address in proven), *left]


def _is_mail(inbox: Inbox) -> bool:
    return channel(inbox.channel).identity == "email"
