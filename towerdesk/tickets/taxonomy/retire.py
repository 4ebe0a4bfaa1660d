"""Retire a value, field or form: it stays readable wherever it is, and is not chosen anew. Take it up again. Remove it."""

from django.db import transaction

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict
from towerdesk.tickets.models import CustomField, Value
from towerdesk.tickets.models.value import FIXED
from towerdesk.tickets.taxonomy.begins_with import BEGINS_WITH, NEEDED
from towerdesk.tickets.taxonomy.edit import changed
from towerdesk.tickets.taxonomy.things import Thing, list_of
from towerdesk.tickets.taxonomy.usage import usage_of


def retire(thing: Thing, *, by: Actor) -> None:
    by.must("taxonomy.change")
    kind = list_of(thing)
    if (kind, thing.key) in NEEDED or kind in FIXED:
        raise Conflict(f"The desk itself sets “{thing}”: name it differently or merge it, but don't retire it.")
    with transaction.atomic():
        held = type(thing).objects.select_for_update().get(pk=thing.pk)
        if held.retired_at is None:
            thing.retired_at = now()
            thing.save(update_fields=["retired_at"])
            changed(kind, thing.key, "retired", by=by)


def revive(thing: Thing, *, by: Actor) -> None:
    """Take it up again; a merged value is parted from the one it was merged into."""
    by.must("taxonomy.change")
    with transaction.atomic():
        held = type(thing).objects.select_for_update().get(pk=thing.pk)
        if held.retired_at is not None:
            thing.retired_at, columns = None, ["retired_at"]
            if isinstance(thing, Value):
                thing.merged_into, columns = None, ["retired_at", "merged_into"]
            thing.save(update_fields=columns)
            changed(list_of(thing), thing.key, "taken up again", by=by)


def remove(thing: Thing, *, by: Actor) -> None:
    """For good. Raises `Conflict` while anything uses it, with a sentence that says what."""
    by.must("taxonomy.change")
    kind, key = list_of(thing), thing.key
    with transaction.atomic():
        stays = why_it_stays(thing)
        if stays:
            raise Conflict(stays)
        if isinstance(thing, CustomField):
            Value.objects.filter(kind=f"field.{key}").delete()
        thing.delete()
        changed(kind, key, "removed", by=by)


def why_it_stays(thing: Thing) -> str:
    """A sentence, or nothing."""
    kind = list_of(thing)
    if thing.key in dict(BEGINS_WITH.get(kind, [])):
        return f"Every desk has “{thing}”: it can be retired, not deleted."
    if isinstance(thing, Value) and thing.merged.exists():
        return f"Other values were merged into “{thing}”: retire it instead."
    used = usage_of(kind, thing.key)
    return f"“{thing}” is used by {used.sentence()}: retire it instead, so that they stay readable." if used else ""
