"""Too many categories, categories that nobody uses, tickets that have none."""

from collections.abc import Iterator

from towerdesk.advice.desk import ENOUGH, Desk
from towerdesk.advice.finding import Finding, Shown, counted, percent, some, tickets

LISTS = {
    "intent": ("intent", Shown("Intents", "/settings/intents"), 40),
    "type": ("type", Shown("Types", "/settings/lists/type"), 8),
    "area": ("product area", Shown("Product areas", "/settings/lists/area"), 25),
    "tag": ("tag", Shown("Tags", "/settings/lists/tag"), 80),
}
"""List → what one value is called, where it is mended, and how many can be told apart at a glance."""
NAMELESS = 0.3


def too_many(desk: Desk) -> Iterator[Finding]:
    for kind, (name, mend, most) in LISTS.items():
        used = desk.lately.used[kind]
        there = {key for key, _ in desk.taxonomy.choosable(kind)} | (set(used) if kind == "tag" else set())
        if len(there) > most:
            rare = sorted(there, key=lambda key: used.get(key, 0))[:4]
            yield Finding(
                f"There are {len(there)} {name}s to choose from; beyond {most} people guess instead of choosing.",
                f"Merge {name}s that lead to the same answer: a merge is a pointer and rewrites no ticket.",
                mend,
                tuple(_tickets_with(kind, key) for key in rare),
            )


def never_used(desk: Desk) -> Iterator[Finding]:
    if desk.lately.total < ENOUGH:
        return
    for kind, (name, mend, _) in LISTS.items():
        alive = {desk.taxonomy.standing(kind, key) for key in desk.lately.used[kind]}
        idle = [(key, called) for key, called in desk.taxonomy.choosable(kind) if key not in alive]
        if idle:
            yield Finding(
                f"No ticket of the last 90 days has {_these(idle, name)}.",
                f"Retire or merge what no longer comes: each {name} that is never right makes the right one harder to find.",
                mend,
                tuple(_tickets_with(kind, key) for key, _ in idle[:4]),
            )


def without_intent(desk: Desk) -> Iterator[Finding]:
    total, named = desk.lately.total, sum(desk.lately.used["intent"].values())
    if total >= ENOUGH and (total - named) / total >= NAMELESS:
        yield Finding(
            f"{percent((total - named) / total)} of {counted(total, 'ticket')} of the last 90 days have no intent, so "
            "nothing that goes by intent (team, routing, the assistant) works for them.",
            "Read some of them: add the intent that is missing, or examples to the one that was not recognised.",
            LISTS["intent"][1],
            (tickets("Tickets without an intent", "intent:none created:<90d"),),
        )


def _these(idle: list[tuple[str, str]], name: str) -> str:
    told = some(called for _, called in idle)
    return f"the {name} {told}" if len(idle) == 1 else f"any of {len(idle)} {name}s: {told}"


def _tickets_with(kind: str, key: str) -> Shown:
    return tickets(f"Tickets with {key}", f'{kind}:"{key}"')
