"""Have an arrival read once more, or put a mail on a ticket that was set aside."""

from django.db import transaction

from towerdesk.events.record import record
from towerdesk.intake.accept import Accepted, take_in
from towerdesk.intake.models import FORGOTTEN, Raw
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict

OPEN_TO_CHANGE = ("failed", "set_aside", "bounce")


def replay(raw: Raw, *, by: Actor) -> None:
    """Its bytes are read again by a job, with what has been learnt or mended since."""
    by.must("raw.replay")
    with transaction.atomic():
        _back_to_stored(raw)
        record("raw.replayed", by=by, subject=raw.pk, inbox=raw.inbox_id)


def put_on_ticket(raw: Raw, *, by: Actor) -> Accepted:
    """A person's word against ours: it becomes a ticket, or part of one, whatever speaks against it."""
    by.must("raw.replay")
    _back_to_stored(raw)
    return take_in(Raw.objects.to_read().get(pk=raw.pk), despite_all=True, by=by)


def _back_to_stored(raw: Raw) -> None:
    there = Raw.objects.filter(pk=raw.pk, state__in=OPEN_TO_CHANGE).exclude(about=FORGOTTEN)
    if not there.update(state="stored", reason="", done_at=None):
        raw.refresh_from_db()
        if raw.about == FORGOTTEN:
            raise Conflict("This was removed, since it waited for too long: nothing of it is left but that it came.")
        where = f"on ticket {raw.ticket_id} already" if raw.ticket_id else "being read just now"
        raise Conflict(f"This mail is {where}.")
