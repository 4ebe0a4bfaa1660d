"""The active policies, read once per process and again only when one of them, or a calendar, was changed."""

from dataclasses import dataclass
from typing import Any

import structlog

from towerdesk.hours.opening import ALWAYS, Hours
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Trouble
from towerdesk.lib.stamps import Stamp
from towerdesk.sla.models import Policy
from towerdesk.tickets.filters import Condition, parse
from towerdesk.tickets.models import Ticket

PROMISED = Stamp("""
SELECT concat_ws(' ', count(*), count(*) FILTER (WHERE active), max(changed_at), max(id),
  (SELECT max(changed_at) FROM hours_calendar)) FROM sla_policy
""")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Promise:
    """A policy as the clocks need it. `steps` are (kind or "", minutes, actions)."""

    id: int
    name: str
    condition: Condition | None
    hours: Hours
    calendar: str
    pauses: tuple[str, ...]
    targets: dict[str, dict[str, int]]  # kind → priority → minutes
    steps: tuple[tuple[str, int, Any], ...]

    def steps_of(self, kind: str) -> list[tuple[int, Any]]:
        return [(minutes, actions) for of, minutes, actions in self.steps if of in ("", kind)]


_read: tuple[str, tuple[Promise, ...]] = ("", ())


def promises(stamp: str = "") -> tuple[Promise, ...]:
    """In order; none of them: the desk promises nothing. Without a stamp, which others read along, one small query."""
    global _read
    stamp = stamp or PROMISED.now()
    if stamp != _read[0]:
        policies = Policy.objects.filter(active=True).select_related("calendar").prefetch_related("targets", "steps")
        _read = (stamp, tuple(promise_of(policy) for policy in policies))
    return _read[1]


def promise_for(ticket: Ticket, among: tuple[Promise, ...]) -> Promise | None:
    """The first whose condition holds."""
    return next((one for one in among if one.condition and one.condition.matches(ticket, CLOCK)), None)


def promise_of(policy: Policy) -> Promise:
    """A condition that can't be read (it names what is gone) holds for no ticket; the policies' page says so."""
    condition: Condition | None = None
    try:
        condition = parse(policy.condition)
    except Trouble as trouble:
        log.warning("a policy's condition can't be read", policy=policy.name, why=str(trouble))
    calendar = policy.calendar
    priorities = ("critical", "high", "normal", "low")
    return Promise(
        id=policy.pk,
        name=policy.name,
        condition=condition,
        hours=calendar.hours if calendar else ALWAYS,
        calendar=calendar.name if calendar else "",
        pauses=tuple(policy.pauses),
        targets={
            target.kind: {one: minutes for one in priorities if (minutes := getattr(target, one))}
            for target in policy.targets.all()
        },
        steps=tuple((step.kind, step.minutes, step.actions) for step in policy.steps.all()),
    )
