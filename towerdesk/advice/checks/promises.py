"""No promise, promises that cannot be kept, promises that break in silence."""

from collections.abc import Iterator

from towerdesk.advice.desk import Desk
from towerdesk.advice.finding import Finding, Shown, percent, these
from towerdesk.sla.models import NAMES

JUDGED = 20
"""Fewer clocks say nothing about a promise."""
UNKEPT = 0.3


def none(desk: Desk) -> Iterator[Finding]:
    if not desk.policies:
        yield Finding(
            "Nothing is promised: no policy is on, so no clock runs and nobody can be late.",
            "Make one policy for every ticket, such as a first answer within four hours, and tighten it later.",
            Shown("Make a policy", "/settings/policies/new"),
        )


def broken(desk: Desk) -> Iterator[Finding]:
    names = {policy.pk: policy.name for policy, _ in desk.policies}
    for one in desk.kept:
        if one.policy not in names or one.judged < JUDGED or one.broken / one.judged < UNKEPT:
            continue
        yield Finding(
            f"“{names[one.policy]}” broke {percent(one.broken / one.judged)} of its promises of a "
            f"{NAMES[one.kind].lower()} ({one.broken} of {one.judged} in 90 days): as things are, nobody can keep it.",
            "Promise what the desk can do, count in the hours it works, or let the work reach more people.",
            Shown(names[one.policy], f"/settings/policies/{one.policy}"),
            these(one.tickets),
        )


def without_escalation(desk: Desk) -> Iterator[Finding]:
    for policy, acts in desk.policies:
        if not acts:
            yield Finding(
                f"When a promise of “{policy}” breaks, nothing happens: it has no step at or after the due time.",
                "Add a step that raises the priority, gives the ticket to somebody, or leaves a note.",
                Shown(policy.name, f"/settings/policies/{policy.pk}"),
            )
