"""Keep what somebody is writing, on the server: it survives a closed browser. Not an event: nobody else's business."""

from datetime import timedelta

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import storable
from towerdesk.tickets.models import Draft, Message, Ticket
from towerdesk.tickets.models.draft import KINDS

LONGEST = 100_000  # characters
JUST = timedelta(minutes=2)


def keep_draft(ticket: Ticket, kind: str, text: str, *, by: Actor) -> bool:
    """True when it is kept; an empty text takes the draft away. Agents only."""
    by.must("ticket.note")
    if by.user_id is None or kind not in dict(KINDS):
        raise Invalid("A draft is a reply or a note of an agent.")
    text = storable(text)[:LONGEST]
    if not text.strip() or _has_just_left(ticket, text, by):
        drop_draft(ticket, kind, by=by)
        return False
    Draft.objects.update_or_create(
        user_id=by.user_id, ticket=ticket, kind=kind, defaults={"text": text, "updated_at": now()}
    )
    return True


def drop_draft(ticket: Ticket, kind: str, *, by: Actor) -> None:
    Draft.objects.filter(user_id=by.user_id or 0, ticket=ticket, kind=kind).delete()


def _has_just_left(ticket: Ticket, text: str, by: Actor) -> bool:
    """A browser's last save may arrive after the reply itself: then it is not a draft any more."""
    lately = Message.objects.filter(ticket=ticket, direction="out", author_kind="agent", author_id=by.user_id)
    return lately.filter(created_at__gt=now() - JUST, text=text).exclude(delivery="withdrawn").exists()
