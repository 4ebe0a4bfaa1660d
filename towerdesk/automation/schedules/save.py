"""Save a schedule, switch it on or off, delete one that is off."""

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction

from towerdesk.accounts.models import User
from towerdesk.automation.check import a_condition, a_name, an_owner, as_said, some_actions
from towerdesk.automation.models import SINCE, Schedule
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid

SHORTEST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person says a schedule should be; no `warn_after`: no warning. Actions in their JSON form."""

    name: str
    since: str = "silence"
    after: timedelta = timedelta(days=7)
    condition: str = ""
    actions: list[dict[str, Any]] = field(default_factory=list)
    warn_after: timedelta | None = None
    warning: list[dict[str, Any]] = field(default_factory=list)
    owner: User | None = None


def save_schedule(schedule: Schedule | None, draft: Draft, *, by: Actor) -> Schedule:
    """A new one is switched off. Raises `Invalid` with a sentence that says what to change."""
    by.must("rule.change")
    values = _valid(draft, by)
    with transaction.atomic():
        held = Schedule.objects.select_for_update().get(pk=schedule.pk) if schedule else Schedule()
        if schedule and all(getattr(held, name) == value for name, value in values.items()):
            return held
        for name, value in values.items():
            setattr(held, name, value)
        held.save()
        record("schedule.saved", by=by, subject=held.pk, schedule=held.name)
    return held


def switch(schedule: Schedule, *, on: bool, by: Actor) -> None:
    by.must("rule.change")
    if on:
        a_condition(schedule.condition)
        some_actions(schedule.actions, by=by, what="schedule")
        an_owner(schedule.owner, "schedule")
    with transaction.atomic():
        held = Schedule.objects.select_for_update().get(pk=schedule.pk)
        if held.active == on:
            return
        held.active = schedule.active = on
        held.save(update_fields=["active", "changed_at"])
        record("schedule.switched", by=by, subject=held.pk, schedule=held.name, on=on)


def delete(schedule: Schedule, typed: str, *, by: Actor) -> None:
    """`typed` is its name. What it did stays in the log; that it was done once per occasion is forgotten with it."""
    by.must("rule.change")
    with transaction.atomic():
        held = Schedule.objects.select_for_update().get(pk=schedule.pk)
        if held.active:
            raise Conflict(f"“{held}” is in use: switch it off first, then delete it.")
        if " ".join(typed.split()) != held.name:
            raise Invalid(f"Type the name “{held}” to delete it for good.", {"typed": "Type its name."})
        record("schedule.deleted", by=by, subject=held.pk, schedule=held.name)
        held.delete()


def _valid(draft: Draft, by: Actor) -> dict[str, Any]:
    if draft.since not in dict(SINCE):
        raise Invalid("Choose since when the time counts.", {"since": "Choose one of the list."})
    if draft.after < SHORTEST:
        raise Invalid("A schedule acts after five minutes or more: choose a longer time.", {"after": "Longer."})
    if draft.warn_after is not None and not SHORTEST <= draft.warn_after < draft.after:
        raise Invalid(
            "The warning must come before the act, and five minutes after the beginning or later: choose a shorter time "
            "for the warning.",
            {"warn_after": "Shorter than the time of the act."},
        )
    warns = draft.warn_after is not None
    warning = as_said(some_actions(draft.warning, by=by, what="warning")) if warns else []
    return asdict(draft) | {
        "name": a_name(draft.name, "schedule"),
        "condition": str(a_condition(draft.condition)),
        "actions": as_said(some_actions(draft.actions, by=by, what="schedule")),
        "warning": warning,
        "owner": an_owner(draft.owner, "schedule"),
    }
