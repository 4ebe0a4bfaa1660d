"""Who is at a ticket just now. Gone in a minute, so it is told to open pages and not written into the log."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from towerdesk.events.tell import tell
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Presence, Ticket

FRESH = timedelta(seconds=50)
"""Pages say every 20 seconds that somebody is still there."""


def be_here(ticket: Ticket, *, writing: str = "", by: Actor) -> None:
    """`writing`: a "reply" or a "note". Open pages hear of it when it is news."""
    by.must("ticket.read")
    if by.user_id is None:
        return
    with transaction.atomic():
        was = Presence.objects.filter(ticket=ticket, user_id=by.user_id).first()
        Presence.objects.update_or_create(
            ticket=ticket, user_id=by.user_id, defaults={"writing": writing, "seen_at": now()}
        )
        if was is None or was.writing != writing or was.seen_at < now() - FRESH:
            Presence.objects.filter(ticket=ticket, seen_at__lt=now() - FRESH).delete()
            tell("presence", ticket.pk)


def leave(ticket: Ticket, *, by: Actor) -> None:
    with transaction.atomic():
        gone, _ = Presence.objects.filter(ticket=ticket, user_id=by.user_id or 0).delete()
        if gone:
            tell("presence", ticket.pk)


def others_here(ticket: Ticket, by: Actor, since: datetime | None = None) -> QuerySet[Presence]:
    """Seen `since` then, by default lately."""
    since = since or now() - FRESH
    fresh = Presence.objects.filter(ticket=ticket, seen_at__gte=since).exclude(user_id=by.user_id or 0)
    return fresh.order_by("user__name")
