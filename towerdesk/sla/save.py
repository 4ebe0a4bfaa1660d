"""Make a policy, change or order it. What runs by it is reckoned from the start afterwards, pauses kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError

from towerdesk.events.record import record
from towerdesk.hours.models import Calendar
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.text import one_line
from towerdesk.sla.models import NAMES, PAUSES, Policy, Step, Target
from towerdesk.tickets.filters import parse
from towerdesk.tickets.models.ticket import PRIORITIES

LONGEST = 366 * 24 * 60  # minutes
PRIORITY = tuple(value for value, _ in PRIORITIES)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a policy is to be. `targets`: kind → priority → minutes. `steps`: (kind or "", minutes, actions), whose actions
    the caller has read in the one vocabulary."""

    name: str
    condition: str = ""
    calendar: Calendar | None = None
    pauses: Sequence[str] = tuple(PAUSES)
    targets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    steps: Sequence[tuple[str, int, list[Any]]] = ()
    active: bool = True


def save_policy(policy: Policy | None, plan: Plan, *, by: Actor) -> Policy:
    """Raises `Invalid` with one sentence that names what to change."""
    by.must("sla.change")
    _must_be_valid(plan)
    policy = policy or Policy(position=1 + (Policy.objects.aggregate(last=Max("position"))["last"] or 0))
    policy.name, policy.condition = one_line(plan.name, 120), str(parse(plan.condition))
    policy.calendar, policy.pauses, policy.active = plan.calendar, list(plan.pauses), plan.active
    policy.changed_at = now()
    try:
        with transaction.atomic():
            policy.save()
            _write_parts(policy, plan)
            record("policy.saved", by=by, subject=policy.pk, name=policy.name)
    except IntegrityError:
        raise Invalid(
            f"There is a policy “{policy.name}” already: choose another name.", {"name": "Choose another name."}
        ) from None
    return policy


def move_policy(policy: Policy, *, up: bool, by: Actor) -> None:
    """One place earlier or later: the first policy whose condition holds decides."""
    by.must("sla.change")
    with transaction.atomic():
        order = list(Policy.objects.select_for_update())
        at = next(place for place, one in enumerate(order) if one.pk == policy.pk)
        to = max(0, min(len(order) - 1, at - 1 if up else at + 1))
        order.insert(to, order.pop(at))
        for place, one in enumerate(order):
            one.position, one.changed_at = place, now()
            one.save(update_fields=["position", "changed_at"])
        record("policy.saved", by=by, subject=policy.pk, name=policy.name)


def delete_policy(policy: Policy, *, by: Actor) -> None:
    """Only one that no clock has run by: what was promised stays readable. Others are switched off."""
    by.must("sla.change")
    try:
        with transaction.atomic():
            record("policy.deleted", by=by, subject=policy.pk, name=policy.name)
            policy.delete()
    except ProtectedError as error:
        number = len(error.protected_objects)
        raise Conflict(
            f"{number:,} clocks have run by “{policy}”, so it can't be deleted: switch it off instead."
        ) from None


def _write_parts(policy: Policy, plan: Plan) -> None:
    policy.targets.all().delete()
    policy.steps.all().delete()
    Target.objects.bulk_create(
        Target(policy=policy, kind=kind, **{one: its.get(one) for one in PRIORITY})
        for kind, its in plan.targets.items()
        if any(its.values())
    )
    Step.objects.bulk_create(
        Step(policy=policy, kind=kind, minutes=minutes, actions=actions) for kind, minutes, actions in plan.steps
    )


def _must_be_valid(plan: Plan) -> None:
    if not plan.name.strip():
        raise Invalid("A policy needs a name, like “Standard”.", {"name": "Give it a name."})
    parse(plan.condition).check()
    if not set(plan.pauses) <= set(PAUSES):
        raise Invalid("Clocks can stand still while a ticket waits on the customer or on others, in no other status.")
    if not any(minutes for its in plan.targets.values() for minutes in its.values()):
        raise Invalid("This policy promises nothing: give at least one priority a time.", {"targets": "Give a time."})
    for kind, its in plan.targets.items():
        for minutes in its.values():
            if minutes and not 1 <= minutes <= LONGEST:
                raise Invalid(
                    f"{NAMES[kind]}: promise between 1 minute and a year.", {"targets": "1 minute to a year."}
                )
    for _, minutes, _ in plan.steps:
        if abs(minutes) > LONGEST:
            raise Invalid("A step can be at most a year away from the due time.", {"steps": "Choose fewer minutes."})
