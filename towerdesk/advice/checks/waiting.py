"""Every waiting ticket has a next step; one that was due long ago has none that anybody means."""

from collections.abc import Iterator

from towerdesk.advice.desk import Desk
from towerdesk.advice.finding import Finding, Shown, counted, tickets


def long_late(desk: Desk) -> Iterator[Finding]:
    late = desk.lately.late
    if late:
        verb = "was" if late == 1 else "were"
        day = f"{desk.long_ago:%Y-%m-%d}"
        yield Finding(
            f"{counted(late, 'waiting ticket')} {verb} due more than a week ago: the next step is only words there.",
            "Give each a next step that somebody means, or resolve it; a schedule does so for those to come.",
            Shown("Schedules", "/settings/schedules"),
            (tickets("Due more than a week ago", f"is:waiting due:<{day}"),),
        )
