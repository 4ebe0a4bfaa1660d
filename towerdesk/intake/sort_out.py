"""Why a message does not become part of a ticket: each reason is a sentence, and a person may overrule it."""

import hashlib
from datetime import timedelta

from towerdesk.channels.contract import Incoming
from towerdesk.intake.models import Raw
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Message, Ticket

STAYS_OPEN = timedelta(days=14)
"""An answer to a ticket that was closed longer ago opens a new one, linked to it."""
MOST_PER_HOUR = 20
"""Mails that one address may bring onto tickets within an hour, unless the inbox's setting `most_per_hour` differs.
More is a loop or a flood. Files that somebody takes in by hand are not counted."""

NEVER = ("report", "receipt", "own")
NOT_BY_ITSELF = ("vacation", "auto_reply")
"""Kept on the ticket that they answer. Lists and bulk become tickets, which are never answered automatically: a
person's mail through a CRM looks like bulk, and alerts matter."""


def reason_against(raw: Raw, incoming: Incoming, ticket: Ticket | None) -> str:
    """Empty when nothing speaks against it."""
    if incoming.auto in NEVER:
        return incoming.why_auto
    if incoming.auto in NOT_BY_ITSELF and (ticket is None or is_long_closed(ticket)):
        return f"{incoming.why_auto} It answers no ticket of ours."
    return same_again(raw, incoming, ticket) or _too_many(raw, incoming)


def is_long_closed(ticket: Ticket) -> bool:
    return ticket.status == "closed" and now() - ticket.updated_at > STAYS_OPEN


def external_key(raw: Raw, incoming: Incoming) -> str:
    """What makes two arrivals the same message: inbox, sender and the provider's id; without an id, the bytes."""
    same = f"{incoming.sender}\0{incoming.external_id}" if incoming.external_id else f"\0{raw.digest}"
    return hashlib.sha256(f"{raw.inbox_id}\0{same}".encode("utf-8", "replace")).hexdigest()


def same_again(raw: Raw, incoming: Incoming, ticket: Ticket | None = None) -> str:
    """It came before; also by way of another inbox, when both led to the same ticket."""
    there = Message.objects.filter(external_key=external_key(raw, incoming)).values_list("ticket_id", flat=True).first()
    if there is None and ticket is not None and incoming.external_id:
        copies = ticket.messages.filter(message_id=incoming.external_id, sender=incoming.sender, direction="in")
        there = ticket.pk if copies.exists() else None
    return f"The same mail came before: it is on ticket {there}." if there else ""


def _too_many(raw: Raw, incoming: Incoming) -> str:
    if raw.door == "file" or not incoming.sender:
        return ""
    most = int(raw.inbox.settings.get("most_per_hour", MOST_PER_HOUR))
    lately = Raw.objects.filter(sender=incoming.sender, arrived_at__gt=now() - timedelta(hours=1)).exclude(door="file")
    taken = lately.filter(state__in=("ticket", "message"))[:most].count()
    return f"More than {most} mails from {incoming.sender} within an hour: this may be a loop." if taken >= most else ""
