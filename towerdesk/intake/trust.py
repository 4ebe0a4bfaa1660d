"""What is stored and shown about whether a message is really from whom it says."""

from typing import Any

from towerdesk.channels.contract import Incoming
from towerdesk.intake.thread import takes_part
from towerdesk.tickets.models import Ticket


def with_trust(incoming: Incoming, ticket: Ticket | None) -> dict[str, Any]:
    """The checks' verdicts; with them, that the writer is new to the ticket, and where answers may go.

    A Reply-To address is kept only when the checks vouch for the sender or it lies in the sender's own domain.
    """
    trust = dict(incoming.trust) | ({"vouched": incoming.vouched} if incoming.vouched else {})
    if ticket is not None and not takes_part(ticket, incoming.sender, incoming.identity):
        who = incoming.sender if incoming.identity == "email" else incoming.sender_name
        newcomer = f"{who or 'The writer'} had no part in this ticket until now."
        trust |= {"newcomer": True, "sentence": f"{trust.get('sentence', '')} {newcomer}".strip()}
    if incoming.reply_to and incoming.reply_to != incoming.sender and _may_redirect(incoming):
        trust["reply_to"] = incoming.reply_to
    return trust


def _may_redirect(incoming: Incoming) -> bool:
    domain = incoming.sender.rpartition("@")[2]
    same = bool(domain) and incoming.reply_to.rpartition("@")[2] == domain
    return not incoming.failing and (same or bool(incoming.trust.get("verified")))
