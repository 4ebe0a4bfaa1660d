"""Delete a calendar that nothing uses."""

from django.db import transaction
from django.db.models import ProtectedError

from towerdesk.events.record import record
from towerdesk.hours.models import Calendar
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict


def delete_calendar(calendar: Calendar, *, by: Actor) -> None:
    """Whoever stands on a calendar protects it; `Conflict` names them."""
    by.must("calendar.change")
    try:
        with transaction.atomic():
            record("calendar.deleted", by=by, subject=calendar.pk, name=calendar.name)
            calendar.delete()
    except ProtectedError as error:
        users = ", ".join(sorted(f"“{one}”" for one in error.protected_objects)[:5])
        raise Conflict(f"“{calendar}” is in use by {users}: give them another calendar first.") from None
