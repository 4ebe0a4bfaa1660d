"""Rules that never fire, and rules that hold and cannot act."""

from collections.abc import Iterator
from datetime import timedelta

from towerdesk.advice.desk import ENOUGH, Desk
from towerdesk.advice.finding import Finding, Shown, counted, some
from towerdesk.automation.models import Rule

ALL = Shown("All rules", "/settings/rules")
NEW = timedelta(days=30)
"""A younger rule may still be waiting for its first ticket."""


def never_fires(desk: Desk) -> Iterator[Finding]:
    old = [rule for rule in desk.rules if rule.created_at <= desk.at - NEW]
    idle = [rule for rule in old if not any(desk.did.get((rule.pk, kind)) for kind in ("rule.fired", "rule.failed"))]
    if not idle or desk.lately.total < ENOUGH:
        return
    told = some(f"“{rule}”" for rule in idle)
    yield Finding(
        f"{counted(len(idle), 'rule')} did nothing in 90 days: {told}.",
        "Test it on the past: if no ticket fits, mend its condition or switch it off.",
        ALL,
        tuple(Shown(f"Test {rule}", f"/settings/rules/{rule.pk}/test") for rule in idle[:6]),
    )


def fails(desk: Desk) -> Iterator[Finding]:
    for rule in desk.rules:
        times = desk.did.get((rule.pk, "rule.failed"), 0)
        if times:
            yield Finding(
                f"“{rule}” held and could not act {counted(times, 'time')} in 90 days.",
                "Its page says what stopped it: mend the action, or switch the rule off.",
                _page(rule),
            )


def _page(rule: Rule) -> Shown:
    return Shown(rule.name, f"/settings/rules/{rule.pk}")
