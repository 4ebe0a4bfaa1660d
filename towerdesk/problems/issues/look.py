"""Ask trackers about their issues every few minutes: for those that can't call us, and for calls that were lost."""

from datetime import datetime, timedelta

import structlog
from django.db.models import Q

from towerdesk.connectors.contract import FateUnknown, NotDone
from towerdesk.connectors.models import Connection
from towerdesk.connectors.registry import account_of
from towerdesk.connectors.trackers.registry import TRACKERS, of
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Trouble
from towerdesk.lib.text import one_line
from towerdesk.problems.issues.state import heard, heard_comment
from towerdesk.problems.models import Delivery, Issue

EVERY = timedelta(minutes=5)
CALLED_EVERY = timedelta(hours=6)
"""Where a webhook works, now and then is enough."""
WORKS = timedelta(days=2)
CLOSED_FOR = timedelta(days=14)
"""So long after it was closed somebody may open it again, or say something more."""
MOST = 20  # of one connection, in one minute
KEPT = timedelta(days=90)
OVERLAP = timedelta(minutes=10)  # clocks differ

log = structlog.get_logger()


def look_due() -> int:
    """Run by the clock, outside of any transaction. Returns how many issues were asked about."""
    connections = Connection.objects.filter(kind__in=TRACKERS, active=True).order_by("pk")
    return sum(_look_at(connection) for connection in connections)


def forget_deliveries() -> int:
    return Delivery.objects.filter(at__lt=now() - KEPT).delete()[0]


def look(issue: Issue) -> bool:
    """Ask about one. False when the tracker can't say; then the issue says why."""
    since = (issue.seen_at or issue.created_at) - OVERLAP
    tracker = of(issue.connection)
    try:
        account = account_of(issue.connection)
        said = tracker.look(account, issue.remote)
        comments = tracker.comments(account, issue.remote, since)
    except (NotDone, FateUnknown, Trouble) as error:
        return _trouble(issue, str(error))
    except (KeyError, TypeError, ValueError):
        return _trouble(issue, f"{tracker.title} answers something that can't be read")
    heard(issue, said)
    for one in comments:
        heard_comment(issue, one)
    Issue.objects.filter(pk=issue.pk).update(seen_at=now(), trouble="")
    return True


def _look_at(connection: Connection) -> int:
    due = _due(connection, now())
    for number, issue in enumerate(due, 1):
        if not look(issue) and number == 1:
            Connection.objects.filter(pk=connection.pk).update(trouble=issue.trouble)
            return number  # the next one would fare no better
    if due and connection.trouble:
        Connection.objects.filter(pk=connection.pk).update(trouble="")
    return len(due)


def _due(connection: Connection, at: datetime) -> list[Issue]:
    called = Delivery.objects.filter(connection=connection, trusted=True, at__gt=at - WORKS).exists()
    every = CALLED_EVERY if called else EVERY
    alive = Q(state="open") | Q(changed_at__gt=at - CLOSED_FOR)
    due = Issue.objects.filter(alive, connection=connection).filter(Q(seen_at=None) | Q(seen_at__lt=at - every))
    return list(due.select_related("connection", "bug__ticket").order_by("seen_at", "pk")[:MOST])


def _trouble(issue: Issue, why: str) -> bool:
    issue.trouble = one_line(why, 300)
    Issue.objects.filter(pk=issue.pk).update(trouble=issue.trouble, seen_at=now())
    return False
