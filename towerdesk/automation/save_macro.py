"""Save a macro, or delete one that is switched off."""

from typing import Any

from django.db import transaction

from towerdesk.automation.check import a_name, as_said, some_actions
from towerdesk.automation.macros import must_know_placeholders
from towerdesk.automation.models import Macro
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid


def save_macro(
    macro: Macro | None, name: str, actions: list[dict[str, Any]], *, active: bool = True, by: Actor
) -> Macro:
    """Raises `Invalid` for an unknown placeholder, an action that can't be read, or a name that is taken."""
    by.must("rule.change")
    name, said = a_name(name, "macro"), as_said(some_actions(actions, by=by, what="macro"))
    must_know_placeholders(said)
    if Macro.objects.filter(name__iexact=name).exclude(pk=macro.pk if macro else 0).exists():
        raise Invalid(f"There is a macro “{name}” already: choose another name.", {"name": "Choose another name."})
    with transaction.atomic():
        held = Macro.objects.select_for_update().get(pk=macro.pk) if macro else Macro()
        held.name, held.actions, held.active = name, said, active
        held.save()
        record("macro.saved", by=by, subject=held.pk, macro=held.name)
    return held


def delete_macro(macro: Macro, typed: str, *, by: Actor) -> None:
    by.must("rule.change")
    with transaction.atomic():
        held = Macro.objects.select_for_update().get(pk=macro.pk)
        if held.active:
            raise Conflict(f"“{held}” is in use: switch it off first, then delete it.")
        if " ".join(typed.split()) != held.name:
            raise Invalid(f"Type the name “{held}” to delete it for good.", {"typed": "Type its name."})
        record("macro.deleted", by=by, subject=held.pk, macro=held.name)
        held.delete()
