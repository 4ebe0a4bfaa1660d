"""Move a rule up or down: rules act in their order, and each sees what the one before did."""

from django.db import transaction

from towerdesk.automation.models import Rule
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor


def move(rule: Rule, place: int, *, by: Actor) -> None:
    """To the `place`-th in the list, counted from 1; beyond either end means to that end."""
    by.must("rule.change")
    with transaction.atomic():
        rules = list(Rule.objects.select_for_update().order_by("position", "id"))
        was = next(at for at, one in enumerate(rules) if one.pk == rule.pk)
        moved = rules.pop(was)
        rules.insert(max(0, min(place - 1, len(rules))), moved)
        if _number(rules):
            record("rule.moved", by=by, subject=rule.pk, rule=rule.name, was=was + 1, now=rules.index(moved) + 1)
    rule.refresh_from_db()


def _number(rules: list[Rule]) -> int:
    """Saved one by one: whoever holds rules ready notices by the time of the change."""
    changed = 0
    for place, rule in enumerate(rules, start=1):
        if rule.position != place:
            rule.position = place
            rule.save(update_fields=["position", "changed_at"])
            changed += 1
    return changed
