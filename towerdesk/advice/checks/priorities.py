"""A priority that everything has orders nothing."""

from collections.abc import Iterator

from towerdesk.advice.desk import ENOUGH, Desk
from towerdesk.advice.finding import Finding, Shown, percent, tickets

ONE = 0.9


def one_priority(desk: Desk) -> Iterator[Finding]:
    used, total = desk.lately.used["priority"], desk.lately.total
    key = max(used, key=lambda one: used[one], default="")
    if total < ENOUGH or used[key] / total < ONE:
        return
    name = desk.taxonomy.name("priority", key).lower()
    yield Finding(
        f"{percent(used[key] / total)} of the tickets of the last 90 days have the priority {name}: it orders nothing.",
        "Let impact and urgency set it: fill in the matrix and ask for both in a form, or give intents a priority.",
        Shown("Priority matrix", "/settings/matrix"),
        (tickets("The other tickets", f"-priority:{key} created:<90d"),),
    )
