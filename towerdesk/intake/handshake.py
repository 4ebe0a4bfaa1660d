"""A provider asks whether we want its calls: it is told so, and what came of it is said where the asking is kept."""

from towerdesk.channels.account import account_of
from towerdesk.channels.contract import Incoming, NotFetched
from towerdesk.channels.doors import Shaking
from towerdesk.channels.registry import channel
from towerdesk.intake.fetch import PATIENCE
from towerdesk.intake.models import Raw
from towerdesk.intake.outage import StorageIsAway
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Unavailable

NOBODY = "A provider asks whether its calls are wanted, and there is nobody to tell it."


def shake(raw: Raw, incoming: Incoming) -> str:
    """One sentence. Raises `StorageIsAway` when trying again may help. Outside of any transaction."""
    speaks = channel(raw.inbox.channel)
    if not isinstance(speaks, Shaking):
        return NOBODY
    try:
        return speaks.shake(incoming, account_of(raw.inbox))
    except (NotFetched, Unavailable) as error:
        later = isinstance(error, Unavailable) or error.later
        if later and now() - raw.arrived_at < PATIENCE:
            raise StorageIsAway(f"The provider can't be answered now: {error}") from error
        return f"A provider asks whether its calls are wanted, and could not be told: {error}."
