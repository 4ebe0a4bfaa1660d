"""Merge a value or an intent into another: a pointer that filters, learning and reports follow. No ticket is rewritten."""

from django.db import transaction

from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.models import Intent, Value
from towerdesk.tickets.models.value import FIXED
from towerdesk.tickets.taxonomy.edit import changed
from towerdesk.tickets.taxonomy.known import forget, taxonomy


def merge_value(value: Value, into: Value, *, by: Actor) -> None:
    """Undone by `revive`. To move tickets as well is an act of its own: `move`."""
    by.must("taxonomy.change")
    if value.kind != into.kind or value.kind in FIXED:
        raise Invalid("Only values of one list can be merged, and no priorities.")
    _must_stand(value.kind, value.key, into.key, str(into), into.retired_at is not None)
    with transaction.atomic():
        held = Value.objects.select_for_update().get(pk=value.pk)
        value.merged_into, value.retired_at = into, held.retired_at or now()
        value.save(update_fields=["merged_into", "retired_at"])
        changed(value.kind, value.key, f"merged into {into.key}", by=by)


def merge_intent(intent: Intent, into: Intent, *, by: Actor) -> None:
    """Undone by `part_intent`. What was learnt about the one counts as examples of the other; licences do not move."""
    by.must("intent.change")
    _must_stand("intent", intent.slug, into.slug, str(into), not into.active)
    with transaction.atomic():
        Intent.objects.select_for_update().get(pk=intent.pk)
        intent.merged_into, intent.active = into, False
        intent.save(update_fields=["merged_into", "active"])
        record("intent.changed", by=by, subject=intent.pk, intent=intent.slug, what=f"merged into {into.slug}")
        forget()


def part_intent(intent: Intent, *, by: Actor) -> None:
    by.must("intent.change")
    with transaction.atomic():
        Intent.objects.select_for_update().get(pk=intent.pk)
        intent.merged_into, intent.active = None, True
        intent.save(update_fields=["merged_into", "active"])
        record("intent.changed", by=by, subject=intent.pk, intent=intent.slug, what="taken up again")
        forget()


def _must_stand(kind: str, key: str, into: str, name: str, retired: bool) -> None:
    """No circles, and nothing that leads nowhere."""
    if key == into or taxonomy().standing(kind, into) == key:
        raise Invalid(f"“{name}” can't be merged into itself: choose another one.")
    if retired:
        raise Invalid(f"“{name}” is retired: take it up again first, or choose another one.")
