"""Switch a rule on or off, and delete one that is off."""

from django.db import transaction

from towerdesk.automation.check import a_condition, an_owner, some_actions
from towerdesk.automation.models import Rule
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid


def switch(rule: Rule, *, on: bool, by: Actor) -> None:
    """What could not work is not switched on: the sentence says what to change first."""
    by.must("rule.change")
    if on:
        a_condition(rule.condition)
        some_actions(rule.actions, by=by)
        an_owner(rule.owner, "rule")
    with transaction.atomic():
        held = Rule.objects.select_for_update().get(pk=rule.pk)
        if held.active == on:
            return
        held.active = rule.active = on
        held.save(update_fields=["active", "changed_at"])
        record("rule.switched", by=by, subject=rule.pk, rule=rule.name, on=on)


def delete(rule: Rule, typed: str, *, by: Actor) -> None:
    """`typed` is its name, so that nothing in use goes by accident. What it did stays in the log."""
    by.must("rule.change")
    with transaction.atomic():
        held = Rule.objects.select_for_update().get(pk=rule.pk)
        if held.active:
            raise Conflict(f"“{held}” is in use: switch it off first, look what happens without it, then delete it.")
        if " ".join(typed.split()) != held.name:
            raise Invalid(f"Type the name “{held}” to delete it for good.", {"typed": "Type its name."})
        record("rule.deleted", by=by, subject=held.pk, rule=held.name)
        held.delete()
