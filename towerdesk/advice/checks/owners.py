"""Rules, schedules and routes that nobody answers for."""

from collections.abc import Iterable, Iterator

from towerdesk.advice.desk import Desk
from towerdesk.advice.finding import Finding, Shown, some
from towerdesk.automation.models import Route, Rule, Schedule

type Owned = Rule | Schedule | Route


def unowned(desk: Desk) -> Iterator[Finding]:
    yield from _of("rule", "/settings/rules", desk.rules)
    yield from _of("schedule", "/settings/schedules", desk.schedules)
    yield from _of("route", "/settings/routing", [route for route, _ in desk.routes])


def _of(name: str, place: str, every: Iterable[Owned]) -> Iterator[Finding]:
    orphans = [one for one in every if one.owner is None or not one.owner.is_active]
    if orphans:
        told = some(f"“{one}”" for one in orphans)
        whose = f"The {name} {told} has" if len(orphans) == 1 else f"{len(orphans)} {name}s have"
        yield Finding(
            f"{whose} no owner who works here{'' if len(orphans) == 1 else f': {told}'}.",
            "Choose somebody who answers for it, or switch it off.",
            Shown(f"All {name}s", place),
            tuple(Shown(one.name, f"{place}/{one.pk}") for one in orphans[:6]),
        )
