"""Who a procedure acts for: only whom a server vouches for, never who somebody says they are."""

from typing import Any

from towerdesk.people.models import Identity
from towerdesk.tickets.models import Message, Ticket


def verified_address(message: Message) -> str:
    """The mail address that is proven for this very message; empty when nobody vouches for it.

    A message that its server vouches for counts with the proven address of whoever sent it; by another channel than
    mail, with the one that was proven for the same person before.
    """
    if not message.trust.get("verified") or message.trust.get("missed"):
        return ""
    theirs = Identity.objects.filter(
        person=message.person_id or message.ticket.requester_id, kind="email", verified=True
    )
    values = list(theirs.order_by("id").values_list("value", flat=True))
    sender = message.sender.lower()
    if sender in values:
        return sender
    return values[0] if values and "@" not in sender else ""


def given(ticket: Ticket, address: str) -> dict[str, Any]:
    """What every procedure knows from the start."""
    person = ticket.requester
    return {
        "requester": {"email": address, "name": person.name, "first_name": person.first_name},
        "ticket": {"number": ticket.number, "language": ticket.language, "subject": ticket.subject},
    }
