"""Policies: what is promised to whom, in minutes of a calendar's time, and what is done before and after a promise is due."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from towerdesk.automation.escalate import checked
from towerdesk.hours.models import Calendar
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.setup.section import DELETE, RETIRE, Entry, Fate, Section
from towerdesk.setup.shapes import Name
from towerdesk.setup.sorting import arrange, tidy
from towerdesk.sla.models import Policy
from towerdesk.sla.save import PRIORITY, Plan, delete_policy, save_policy

type Kind = Literal["first_response", "next_response", "resolution"]
type Status = Literal["pending", "hold"]
type Minutes = dict[Literal["critical", "high", "normal", "low"], Annotated[int, Field(ge=1)]]


class StepEntry(Entry):
    kind: Kind | Literal[""] = ""
    minutes: int
    actions: list[dict[str, Any]] = []


class PolicyEntry(Entry):
    name: Name
    condition: Annotated[str, Field(max_length=500)] = ""
    calendar: Annotated[str, Field(max_length=80)] = ""
    pauses: list[Status] = ["pending", "hold"]
    targets: dict[Kind, Minutes]
    steps: list[StepEntry] = []
    active: bool = True


class Policies(Section[PolicyEntry]):
    name = "policies"
    key = "name"
    ordered = True
    shape = PolicyEntry

    def entries(self) -> list[PolicyEntry]:
        found = Policy.objects.select_related("calendar").prefetch_related("targets", "steps")
        return [_entry(policy) for policy in found.order_by("position", "id")]

    def write(self, entry: PolicyEntry, *, by: Actor) -> None:
        plan = Plan(
            name=entry.name,
            condition=entry.condition,
            calendar=_calendar(entry.calendar),
            pauses=entry.pauses,
            targets={kind: {str(one): n for one, n in its.items()} for kind, its in entry.targets.items()},
            steps=checked([(step.kind, step.minutes, step.actions) for step in entry.steps]),
            active=entry.active,
        )
        save_policy(Policy.objects.filter(name=entry.name).first(), plan, by=by)

    def arrange(self, keys: Sequence[str]) -> None:
        arrange(Policy.objects.order_by("position", "id"), "name", keys)

    def fate(self, key: str) -> Fate:
        policy = Policy.objects.get(name=key)
        if not policy.clocks.exists():
            return DELETE
        return RETIRE if policy.active else "clocks have run by it, and it is switched off already"

    def prune(self, key: str, *, by: Actor) -> None:
        policy = Policy.objects.get(name=key)
        if policy.clocks.exists():
            self.write(_entry(policy).model_copy(update={"active": False}), by=by)
        else:
            delete_policy(policy, by=by)


def _calendar(name: str) -> Calendar | None:
    if not name:
        return None
    calendar = Calendar.objects.filter(name=name).first()
    if calendar is None:
        raise Invalid(f"there is no calendar “{name}”: add it to the calendars, or name another one")
    return calendar


def _entry(policy: Policy) -> PolicyEntry:
    targets = {target.kind: target for target in policy.targets.all()}
    steps = [
        {"kind": step.kind, "minutes": step.minutes, "actions": [tidy(action) for action in step.actions]}
        for step in policy.steps.all()
    ]
    return PolicyEntry.model_validate(
        {
            "name": policy.name,
            "condition": policy.condition,
            "calendar": policy.calendar.name if policy.calendar else "",
            "pauses": policy.pauses,
            "targets": {
                kind: {one: minutes for one in PRIORITY if (minutes := getattr(targets[kind], one))}
                for kind in ("first_response", "next_response", "resolution")
                if kind in targets
            },
            "steps": steps,
            "active": policy.active,
        }
    )
