"""Change how an inbox behaves."""

from django.db import transaction

from towerdesk.channels.models import Inbox
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid

LIMITS = {"undo_seconds": (0, 600), "reopen_days": (0, 365)}
"""What can be set, and between which numbers."""


def change_inbox(inbox: Inbox, *, by: Actor, **values: int) -> None:
    """`undo_seconds` and `reopen_days`; only what differs is written."""
    by.must("inbox.change")
    for name, value in values.items():
        least, most = LIMITS[name]
        if not least <= value <= most:
            raise Invalid(f"Choose a number from {least} to {most}.", {name: f"{least} to {most}"})
    with transaction.atomic():
        held = Inbox.objects.select_for_update().get(pk=inbox.pk)
        changes = {name: [getattr(held, name), value] for name, value in values.items() if getattr(held, name) != value}
        for name, (_, value) in changes.items():
            setattr(inbox, name, value)
        if changes:
            inbox.save(update_fields=list(changes))
            record("inbox.changed", by=by, subject=inbox.pk, address=inbox.address, what=", ".join(changes))
