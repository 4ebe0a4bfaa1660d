"""Make an intent, change it, retire it or take it up again."""

from typing import Any

from django.db import transaction

from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.related import pointing_to, told
from towerdesk.tickets.models import Intent
from towerdesk.tickets.models.intent import RISKS
from towerdesk.tickets.taxonomy import forget

FREE = ("name", "description", "examples", "team", "risk", "priority", "type", "product_area", "active")


def make_intent(slug: str, *, by: Actor, **values: Any) -> Intent:
    """It begins with the assistant only watching; `set_level` says more."""
    by.must("intent.change")
    _must_fit(values)
    with transaction.atomic():
        if Intent.objects.filter(slug=slug).exists():
            raise Conflict(f"There is an intent {slug} already.")
        intent = Intent.objects.create(slug=slug, **values)
        record("intent.made", by=by, subject=intent.pk, intent=slug)
        forget()
    return intent


def change_intent(intent: Intent, *, by: Actor, **values: Any) -> None:
    """`active` False retires it: old tickets keep it, it is no longer chosen and the assistant leaves it alone."""
    by.must("intent.change")
    _must_fit(values)
    with transaction.atomic():
        held = Intent.objects.select_for_update().get(pk=intent.pk)
        what = [name for name, value in values.items() if value != getattr(held, name)]
        for name in what:
            setattr(intent, name, values[name])
        if what:
            intent.save(update_fields=what)
            record("intent.changed", by=by, subject=intent.pk, intent=intent.slug, what=", ".join(what))
            forget()


def _must_fit(values: dict[str, Any]) -> None:
    if set(values) - set(FREE):
        raise Invalid(f"An intent has no {', '.join(sorted(set(values) - set(FREE)))} that can be changed.")
    if values.get("risk", "information") not in dict(RISKS):
        raise Invalid(f"A risk is one of {', '.join(dict(RISKS))}, not {values['risk']!r}.")
    if not str(values.get("name", "-")).strip():
        raise Invalid("An intent needs a name.", {"name": "Write a name."})


def remove_intent(intent: Intent, *, by: Actor) -> None:
    """Raises `Conflict` while anything points to it: retire it then."""
    by.must("intent.change")
    with transaction.atomic():
        stays = why_it_stays(intent)
        if stays:
            raise Conflict(stays)
        record("intent.removed", by=by, subject=intent.pk, intent=intent.slug)
        intent.delete()
        forget()


def why_it_stays(intent: Intent) -> str:
    """A sentence, or nothing."""
    found = pointing_to(intent)
    return f"{intent} has {told(found)}: retire it, so that they stay readable." if found else ""
