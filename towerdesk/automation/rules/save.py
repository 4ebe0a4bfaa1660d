"""Save a rule: every save is a version with author and time. Bring an old version back."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max

from towerdesk.accounts.models import User
from towerdesk.automation.check import a_condition, a_name, an_owner, as_said, some_actions
from towerdesk.automation.models import MOMENTS, Rule, RuleVersion
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person says a rule should be. `actions` in their JSON form."""

    name: str
    when: str = "message.received"
    condition: str = ""
    actions: list[dict[str, Any]] = field(default_factory=list)
    owner: User | None = None


def save_rule(rule: Rule | None, draft: Draft, *, by: Actor, based_on: int | None = None) -> Rule:
    """A new rule is switched off and stands last. `based_on`: the version that was read; a newer one is `Conflict`.

    Raises `Invalid` with a sentence that says what to change. What changes nothing makes no version.
    """
    by.must("rule.change")
    values = _valid(draft, by)
    with transaction.atomic():
        held = Rule.objects.select_for_update().get(pk=rule.pk) if rule else _new()
        if based_on is not None and held.version != based_on:
            raise Conflict(f"Somebody saved version {held.version} of “{held}” meanwhile: look at it, then change it.")
        if rule and all(getattr(held, name) == value for name, value in values.items()):
            return held
        for name, value in values.items():
            setattr(held, name, value)
        held.version += 1
        held.save()
        _keep_version(held, by)
        record("rule.saved", by=by, subject=held.pk, rule=held.name, version=held.version)
    return held


def restore(rule: Rule, number: int, *, by: Actor) -> Rule:
    """The old words as a new version: nothing that was saved is ever lost."""
    version = rule.versions.filter(number=number).first()
    if version is None:
        raise Invalid(f"“{rule}” has no version {number}: choose one of the list.")
    draft = Draft(version.name, version.when, version.condition, version.actions, rule.owner)
    return save_rule(rule, draft, by=by)


def _valid(draft: Draft, by: Actor) -> dict[str, Any]:
    if draft.when not in dict(MOMENTS):
        raise Invalid("Choose when the rule looks at a ticket.", {"when": "Choose one of the list."})
    return asdict(draft) | {
        "name": a_name(draft.name, "rule"),
        "condition": str(a_condition(draft.condition)),
        "actions": as_said(some_actions(draft.actions, by=by)),
        "owner": an_owner(draft.owner, "rule"),
    }


def _new() -> Rule:
    last = Rule.objects.aggregate(last=Max("position"))["last"]
    return Rule(position=(last or 0) + 1, active=False, version=0)


def _keep_version(rule: Rule, by: Actor) -> None:
    RuleVersion.objects.create(
        rule=rule,
        number=rule.version,
        name=rule.name,
        when=rule.when,
        condition=rule.condition,
        actions=rule.actions,
        owner_name=str(rule.owner or ""),
        author_name=by.name[:200],
        at=now(),
    )
