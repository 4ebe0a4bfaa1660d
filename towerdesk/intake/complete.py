"""What a provider says of a writer only when it is asked, such as their name. It never holds a message up for long."""

from towerdesk.channels.account import account_of
from towerdesk.channels.contract import Completing, Incoming, NotFetched
from towerdesk.channels.registry import channel
from towerdesk.intake.fetch import PATIENCE
from towerdesk.intake.models import Raw
from towerdesk.intake.outage import StorageIsAway
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Unavailable


def complete(raw: Raw, incoming: Incoming) -> None:
    """Raises `StorageIsAway` when trying again may help; what can't be had by then is done without."""
    speaks = channel(raw.inbox.channel)
    if not isinstance(speaks, Completing):
        return
    try:
        speaks.complete(incoming, account_of(raw.inbox))
    except (NotFetched, Unavailable) as error:
        later = isinstance(error, Unavailable) or error.later
        if later and now() - raw.arrived_at < PATIENCE:
            raise StorageIsAway(f"The writer can't be asked for now: {error}") from error
