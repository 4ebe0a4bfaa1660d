"""Rules against each other: one that stands in another's shadow, one that undoes what another has just done."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from towerdesk.advice.desk import Desk
from towerdesk.advice.finding import Finding, Shown
from towerdesk.advice.plans import Plan, said

MOST = 20
"""Findings of one kind: whoever has more begins with these."""


def shadowed(desk: Desk) -> Iterator[Finding]:
    """The later one never fires, or does only what the earlier one has done already."""
    yield from islice(_shadowed(desk), MOST)


def undone(desk: Desk) -> Iterator[Finding]:
    """The later one holds whenever the earlier one does, and sets the same thing otherwise."""
    yield from islice(_undone(desk), MOST)


def _shadowed(desk: Desk) -> Iterator[Finding]:
    for first, second in _nested(desk, wide_first=True):
        barred = first.bars(second)
        if barred:
            yield Finding(
                f"“{second.rule}” can never fire: “{first.rule}” stands before it, holds whenever it would, and "
                f"{barred}.",
                "Move it before the other one, or ask for what the other one leaves.",
                _page(second),
                (_page(first),),
            )
        elif second.only_sets and second.sets.items() <= first.sets.items():
            yield Finding(
                f"“{second.rule}” does nothing that “{first.rule}” before it has not done already.",
                "Switch off the one of the two that is not needed.",
                _page(second),
                (_page(first),),
            )


def _undone(desk: Desk) -> Iterator[Finding]:
    for first, second in _nested(desk, wide_first=False):
        if first.bars(second):
            continue
        both = [name for name in first.sets if second.sets.get(name, first.sets[name]) != first.sets[name]]
        if both:
            name = both[0]
            yield Finding(
                f"“{second.rule}” undoes “{first.rule}”: the earlier one {said(name, first.sets[name])}, and the later "
                f"one, which holds whenever it does, {said(name, second.sets[name])}.",
                "Say in the condition of the later one when it does not hold, or take one of the two away.",
                _page(second),
                (_page(first),),
            )


def _nested(desk: Desk, *, wide_first: bool) -> Iterator[tuple[Plan, Plan]]:
    """Rules of one moment, an earlier and a later one, of which the first (or the second) holds whenever the other does.

    A wide rule is looked up by one of its parts, which the narrow one must have: a thousand rules are quick.
    """
    place = {plan.rule.pk: number for number, plan in enumerate(desk.plans)}
    by_part: dict[tuple[str, str], list[Plan]] = defaultdict(list)
    for plan in desk.plans:
        by_part[plan.rule.when, min(plan.parts, default="")].append(plan)
    for narrow in desk.plans:
        for part in ("", *sorted(narrow.parts)):
            for wide in by_part.get((narrow.rule.when, part), ()):
                is_first = place[wide.rule.pk] < place[narrow.rule.pk]
                if wide is not narrow and wide.parts <= narrow.parts and is_first == wide_first:
                    yield (wide, narrow) if wide_first else (narrow, wide)


def _page(plan: Plan) -> Shown:
    return Shown(plan.rule.name, f"/settings/rules/{plan.rule.pk}")
