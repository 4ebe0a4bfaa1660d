"""Why a message does not become part of a ticket: each reason is a sentence, and a person may overrule it."""

import hashlib
from datetime import timedelta
from typing import Any

from towerdesk.channels.contract import Incoming
from towerdesk.intake.models import Raw
from towerdesk.lib.clock import now
from towerdesk.lib.statements import Statement
from towerdesk.lib.text import storable
from towerdesk.tickets.grace import is_long_closed
from towerdesk.tickets.models import Ticket

MOST_PER_HOUR = 20
"""Mails that one address may bring onto tickets within an hour, unless the inbox's setting `most_per_hour` differs.
More is a loop or a flood. Files that somebody takes in by hand are not counted."""
MOST_IN_TALK = 600
"""The same for conversations, where a thought comes in five messages."""

# Asked for every mail, so both answers come by one question, each from an index.
LOOK_BACK = Statement("""
SELECT (SELECT ticket_id FROM tickets_message WHERE external_key = %(key)s),
  (SELECT count(*) FROM (
    SELECT 1 FROM intake_raw
    WHERE sender = %(sender)s AND arrived_at > %(since)s AND state IN ('ticket', 'message') AND door <> 'file'
    LIMIT %(most)s) AS lately)
""")
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
    there, lately = _look_back(raw, incoming)
    copy = _copy_on(ticket, incoming) if ticket else ""
    return _same(there, incoming) or copy or _too_many(raw, incoming, lately)


def external_key(raw: Raw, incoming: Incoming) -> str:
    """What makes two arrivals the same message: inbox, sender and the provider's id; without an id, the bytes."""
    same = f"{incoming.sender}\0{incoming.external_id}" if incoming.external_id else f"\0{raw.digest}"
    return hashlib.sha256(f"{raw.inbox_id}\0{same}".encode("utf-8", "replace")).hexdigest()


def same_again(raw: Raw, incoming: Incoming) -> str:
    """Empty unless it came before."""
    there, _ = _look_back(raw, incoming)
    return _same(there, incoming)


def _look_back(raw: Raw, incoming: Incoming) -> tuple[int | None, int]:
    """The ticket that the same message is on, and how many mails of its sender got onto tickets within the hour."""
    values: dict[str, Any] = {
        "key": external_key(raw, incoming),
        "sender": storable(incoming.sender)[:320],
        "since": now() - timedelta(hours=1),
        "most": most_per_hour(raw, incoming),
    }
    [(there, lately)] = LOOK_BACK.ask(values)
    return there, lately


def _same(ticket: int | None, incoming: Incoming) -> str:
    return f"The same {_word(incoming)} came before: it is on ticket {ticket}." if ticket else ""


def _word(incoming: Incoming) -> str:
    return "mail" if incoming.identity == "email" else "message"


def _copy_on(ticket: Ticket, incoming: Incoming) -> str:
    """It came by way of another inbox as well, and both led to the same ticket."""
    copies = ticket.messages.filter(message_id=incoming.external_id[:400], sender=incoming.sender, direction="in")
    return _same(ticket.pk, incoming) if incoming.external_id and copies.exists() else ""


def _too_many(raw: Raw, incoming: Incoming, lately: int) -> str:
    if raw.door == "file" or not incoming.sender or lately < most_per_hour(raw, incoming):
        return ""
    most, what = most_per_hour(raw, incoming), f"{_word(incoming)}s from {incoming.sender}"
    return f"More than {most} {what} within an hour: this may be a loop."


def most_per_hour(raw: Raw, incoming: Incoming) -> int:
    usual = MOST_IN_TALK if incoming.conversation else MOST_PER_HOUR
    return int(raw.inbox.settings.get("most_per_hour", usual))
