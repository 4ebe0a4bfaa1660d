"""Set how far the assistant may go on one intent: a ceiling. Without a licence it goes no further than suggesting."""

from django.db import transaction

from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.models import Intent
from towerdesk.tickets.models.intent import LEVELS


def set_level(intent: Intent, level: str, *, by: Actor) -> None:
    by.must("intent.change")
    if level not in dict(LEVELS):
        raise Invalid(f"A level is one of {', '.join(dict(LEVELS))}, not {level!r}.")
    with transaction.atomic():
        held = Intent.objects.select_for_update().get(pk=intent.pk)
        if held.level == level:
            return
        was, intent.level = held.level, level
        intent.save(update_fields=["level"])
        record("intent.levelled", by=by, subject=intent.pk, intent=intent.slug, was=was, now=level)
