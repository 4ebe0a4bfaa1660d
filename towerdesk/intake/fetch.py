"""Get the files that a message only names. One that can't be had is said on the message; it never holds it up for long."""

from datetime import timedelta

from towerdesk.channels.account import account_of
from towerdesk.channels.contract import Fetching, File, Incoming, NotFetched
from towerdesk.channels.registry import channel
from towerdesk.intake.models import Raw
from towerdesk.intake.outage import StorageIsAway
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Unavailable

PATIENCE = timedelta(minutes=5)
"""For so long after it came a message waits for files that its provider can't give now."""


def fetched(raw: Raw, incoming: Incoming) -> list[File]:
    """Raises `StorageIsAway` when trying again may help. What can't be had is added to the words of the message."""
    speaks = channel(raw.inbox.channel)
    files: list[File] = []
    if not isinstance(speaks, Fetching):
        return files
    for remote in incoming.remote:
        try:
            files.append(speaks.fetch(remote, account_of(raw.inbox)))
        except (NotFetched, Unavailable) as error:
            later = isinstance(error, Unavailable) or error.later
            if later and now() - raw.arrived_at < PATIENCE:
                raise StorageIsAway(f"{remote.name} can't be fetched now: {error}") from error
            _say(incoming, f"[{remote.name} could not be fetched: {error}]")
    return files


def _say(incoming: Incoming, words: str) -> None:
    incoming.visible = f"{incoming.visible or incoming.text}\n\n{words}".strip()
    incoming.text = f"{incoming.text}\n\n{words}".strip()
