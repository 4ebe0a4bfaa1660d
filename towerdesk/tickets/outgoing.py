"""A message of ours on its way to the customer, as the ticket's inbox sends it, or another that is named."""

from collections.abc import Sequence
from datetime import timedelta

from towerdesk.channels.models import Inbox
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.html import from_text
from towerdesk.lib.text import storable
from towerdesk.tickets.models import Message, Ticket

AT_ONCE = timedelta(0)


def outgoing(
    ticket: Ticket,
    text: str,
    *,
    by: Actor,
    warrant: str,
    pause: timedelta = AT_ONCE,
    to: Sequence[str] = (),
    cc: Sequence[str] = (),
    inbox: Inbox | None = None,
) -> Message:
    """Not written yet: that is for the verb whose message it is. It leaves after the `pause`."""
    said = storable(text)
    return Message(
        ticket=ticket,
        direction="out",
        author_kind=by.kind,
        author_id=by.id,
        author_name=by.name[:200],
        channel=(inbox or ticket.inbox).channel,
        subject=ticket.subject,
        text=said,
        visible=said,
        html=from_text(said),
        to=list(to),
        cc=list(cc),
        warrant=warrant,
        delivery="queued",
        send_after=now() + pause,
        created_at=now(),
    )
