"""What becomes of a bug here is so at its issue trackers, too; what came from there is so already."""

from towerdesk.events.models import Event
from towerdesk.lib.actor import CLOCK
from towerdesk.problems.issues.ask import move_issues
from towerdesk.problems.models import Bug

FIXES = ("solved", "information")
"""Resolutions of a bug after which its issues are closed as fixed."""


def follow_bug(event: Event) -> None:
    bug = Bug.objects.select_related("ticket").filter(pk=event.ticket_id or 0).first()
    if bug is not None:
        state = "open" if event.kind == "ticket.reopened" else "done" if event.data["kind"] in FIXES else "dropped"
        move_issues(bug, state, by=CLOCK, cause=event)


def is_bug(event: Event) -> bool:
    return Bug.objects.filter(pk=event.ticket_id or 0).exists()
