"""What a ticket must say before it may take on a status."""

from collections.abc import Mapping
from typing import Any

from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.taxonomy.known import taxonomy

NEVER_ASKED = ("assistant", "clock", "customer")
"""They can't fill in a form: what they do is not held up, and the field stays empty for all to see."""
SAYS = {
    "open": "is taken up",
    "pending": "waits on the customer",
    "hold": "waits on others",
    "resolved": "is resolved",
}


def must_say(ticket: Ticket, status: str, *, by: Actor, fields: Mapping[str, Any] | None = None) -> None:
    """Raises `Invalid` with one sentence while a field that this status demands is empty. `fields`: as they will be."""
    if by.kind in NEVER_ASKED:
        return
    has = ticket.fields if fields is None else fields
    empty = [
        one
        for one in taxonomy().fields.values()
        if status in one.required_for and not one.retired and _is_empty(has, one.key)
    ]
    if empty:
        names = " and ".join(f"“{one.name}”" for one in empty)
        raise Invalid(
            f"Fill in {names} before ticket {ticket.number} {SAYS.get(status, status)}.",
            {f"fields.{one.key}": "Fill this in." for one in empty},
        )


def _is_empty(fields: Mapping[str, Any], key: str) -> bool:
    return fields.get(key) in (None, "", [])
