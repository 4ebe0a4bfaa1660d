"""Ask a provider anew for what its channel goes by, such as the keys that it signs its calls with; never in a storm.

No check of a call asks the network. One that meets a key it does not know says so, and the door comes here; whoever
makes calls up so has one question asked in five minutes, whatever they send.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction

from towerdesk.channels.account import account_of
from towerdesk.channels.doors import Renewing
from towerdesk.channels.models import Inbox
from towerdesk.channels.registry import channel
from towerdesk.channels.renewed import KEY, Renewed, renewed
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Trouble, Unavailable

SOON = timedelta(minutes=5)  # before that nothing is asked again
EVERY = timedelta(hours=6)

log = structlog.get_logger()


def renew(inbox: Inbox, *, at_once: bool = False) -> bool:
    """Whether something was asked for, and is in the inbox's settings now. Call outside of any transaction.

    Raises `Trouble` when the provider does not give it, and `Unavailable` while that was so a moment ago: then nobody
    can say yet whether a call is the provider's.
    """
    speaks = channel(inbox.channel)
    if not isinstance(speaks, Renewing):
        return False
    if not _claimed(inbox, at_once=at_once):
        if renewed(inbox).failed:
            raise Unavailable(f"{inbox} could not be told what its provider goes by now.")
        return False
    _keep(inbox, replace(renewed(inbox), failed=False, values=_asked(inbox, speaks)))
    return True


def renew_due() -> int:
    """Run by the clock. How many inboxes were told anew."""
    told = 0
    for inbox in Inbox.objects.order_by("pk"):
        asked_at = renewed(inbox).asked_at
        if inbox.hook and (asked_at is None or now() - asked_at >= EVERY):
            told += _renewed_quietly(inbox)
    return told


def _renewed_quietly(inbox: Inbox) -> bool:
    try:
        return renew(inbox)
    except Trouble as error:
        log.warning("what a provider goes by could not be renewed", inbox=inbox.pk, why=str(error))
        return False


def _asked(inbox: Inbox, speaks: Renewing) -> Mapping[str, Any]:
    try:
        return speaks.renew(account_of(inbox))
    except Trouble:
        raise
    except Exception as error:
        log.exception("a channel could not renew what it goes by, and does not explain why", channel=speaks.name)
        raise Unavailable(f"What {speaks.name} goes by could not be renewed ({type(error).__name__}).") from error


def _claimed(inbox: Inbox, *, at_once: bool) -> bool:
    """One of many calls at the same moment asks. Until it is answered, it counts as having failed."""
    with transaction.atomic():
        held = Inbox.objects.select_for_update().get(pk=inbox.pk)
        last = renewed(held)
        mine = at_once or last.asked_at is None or now() - last.asked_at >= SOON
        inbox.settings = held.settings
        if mine:
            _save(held, inbox, replace(last, asked_at=now(), failed=True))
    return mine


def _keep(inbox: Inbox, told: Renewed) -> None:
    with transaction.atomic():
        _save(Inbox.objects.select_for_update().get(pk=inbox.pk), inbox, told)


def _save(held: Inbox, inbox: Inbox, told: Renewed) -> None:
    """Nothing else of the settings is touched: somebody may be changing those."""
    held.settings = inbox.settings = {**held.settings, KEY: told.as_json()}
    held.save(update_fields=["settings"])
