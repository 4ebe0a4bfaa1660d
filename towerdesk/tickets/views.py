"""The views that every desk has, as filter texts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """`slug` stands in addresses; `filter` is in the one condition language; `order` names columns, the last unique."""

    slug: str
    name: str
    filter: str
    order: tuple[str, ...] = ("due_at", "id")


NEWEST = ("-updated_at", "-id")

VIEWS: tuple[View, ...] = (
    View("mine", "Mine", "is:mine is:waiting"),
    View("unassigned", "Unassigned", "is:unassigned is:waiting handler:person"),
    View("late", "Late", "is:late"),
    View("waiting-on-us", "Waiting on us", "is:waiting step:answer"),
    View("needs-approval", "Needs approval", "is:waiting step:approve"),
    View("waiting-on-customer", "Waiting on the customer", "is:waiting step:customer"),
    View("on-hold", "On hold", "status:hold"),
    View("snoozed", "Snoozed", "is:waiting step:snooze"),
    View("resolved", "Resolved", "is:resolved", NEWEST),
    View("all", "All tickets", "", NEWEST),
)
BY_SLUG = {view.slug: view for view in VIEWS}
