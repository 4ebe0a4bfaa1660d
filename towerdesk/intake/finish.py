"""Write down what became of an arrival. Whoever is second finds it finished, and undoes their own work."""

from typing import Any

from towerdesk.channels.contract import Incoming
from towerdesk.events.record import record
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.lib.rows import updating
from towerdesk.lib.text import one_line, storable
from towerdesk.tickets.models import Message

EVENT = {
    "ticket": "raw.accepted",
    "message": "raw.accepted",
    "bounce": "raw.bounced",
    "set_aside": "raw.set_aside",
    "failed": "raw.failed",
}


class FinishedAlready(Exception):
    """Another process finished this arrival first; raised inside the transaction, which is thereby undone."""


def finish(
    raw: Raw,
    state: str,
    reason: str = "",
    *,
    incoming: Incoming | None = None,
    message: Message | None = None,
    ticket: int | None = None,
    about: str = "",
    by: Actor = CLOCK,
) -> None:
    """Call inside the transaction that does what `state` says. `about`: it waits for the message with this provider id."""
    changes = {"state": state, "reason": one_line(storable(reason), 500), "done_at": now(), "message": message}
    changes["about"] = storable(about)[:400]
    changes["ticket_id"] = message.ticket_id if message else ticket
    if incoming:
        changes |= {
            "auto": incoming.auto,
            "subject": one_line(storable(incoming.subject), 500),
            "sender": storable(incoming.sender)[:320],
        }
    for name, value in changes.items():
        setattr(raw, name, value)
    finished = updating(raw, *changes, still="state = 'stored'")
    said: dict[str, Any] = {} if state in ("ticket", "message") else {"reason": raw.reason}
    try:
        record(EVENT[state], finished, by=by, ticket=raw.ticket_id, subject=raw.pk, inbox=raw.inbox_id, **said)
    except Raw.NotUpdated:
        raise FinishedAlready from None
