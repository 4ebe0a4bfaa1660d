"""What waited in vain is not kept: words in a channel that nobody made a ticket of lose their bytes, and stay counted.

An app that is in a channel hears everything that is said there, and most of it never becomes a ticket. It waits, set
aside, for somebody to turn its conversation into one; after that time only the fact that it came is left.
"""

from datetime import timedelta

from django.db import transaction

from towerdesk.channels.models import Inbox
from towerdesk.events.record import record
from towerdesk.intake.models import FORGOTTEN, Raw
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now

DAYS = 14
"""Unless the inbox's setting `waiting_days` differs; 0 keeps it for good."""
MOST = 2000  # of an inbox at a time
SAID = "It waited {} days for something that did not come. Its content was removed; that it came stays counted."


def forget_waiting() -> int:
    """Run by the clock. How many arrivals were emptied."""
    return sum(_forget(inbox, days) for inbox in Inbox.objects.order_by("pk") if (days := waiting_days(inbox)) > 0)


def waiting_days(inbox: Inbox) -> int:
    """A setting that is no number holds up nobody else's: it counts as not given."""
    given = inbox.settings.get("waiting_days", DAYS)
    return int(given) if str(given).isdecimal() else DAYS


def _forget(inbox: Inbox, days: int) -> int:
    """The delivery's id and digest stay, so that the same call made again is not taken for a new one."""
    waits = Raw.objects.filter(inbox=inbox, state="set_aside").exclude(about__in=("", FORGOTTEN))
    old = waits.filter(done_at__lt=now() - timedelta(days=days)).order_by("pk").values("pk")[:MOST]
    empty = {"content": b"", "envelope": {}, "subject": "", "sender": ""}
    with transaction.atomic():
        number = waits.filter(pk__in=old).update(about=FORGOTTEN, reason=SAID.format(days), **empty)
        if number:
            record("inbox.forgot", by=CLOCK, subject=inbox.pk, number=number, days=days)
    return number
