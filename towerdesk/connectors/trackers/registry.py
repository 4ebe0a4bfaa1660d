"""Which trackers there are: a new one is a module and a line here."""

from towerdesk.connectors.models import Connection
from towerdesk.connectors.trackers.contract import Tracker
from towerdesk.connectors.trackers.github import GitHub
from towerdesk.connectors.trackers.gitlab import GitLab
from towerdesk.connectors.trackers.jira import Jira
from towerdesk.lib.errors import Invalid

TRACKERS: dict[str, Tracker] = {one.kind: one for one in (GitHub(), GitLab(), Jira())}


def tracker(kind: str) -> Tracker:
    if kind not in TRACKERS:
        raise Invalid(f"There is no issue tracker {kind!r}. Choose one of: {', '.join(TRACKERS)}.")
    return TRACKERS[kind]


def of(connection: Connection) -> Tracker:
    return tracker(connection.kind)


def is_tracker(connection: Connection) -> bool:
    return connection.kind in TRACKERS
