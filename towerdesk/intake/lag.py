"""How soon what arrives at an inbox is read."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import F, Max

from towerdesk.channels.models import Inbox
from towerdesk.intake.models import Raw
from towerdesk.lib.clock import now

NEWEST = 5_000
"""Arrivals of the whole desk that are looked at: the answer costs the same on a desk of ten years."""
LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lag:
    """From being stored to being read, over the last day. `waits`: for how long the oldest unread one has been there."""

    number: int = 0
    usual: timedelta = timedelta()
    slowest: timedelta = timedelta()
    waits: timedelta | None = None


def lag(inbox: Inbox) -> Lag:
    newest = Raw.objects.aggregate(newest=Max("pk"))["newest"] or 0
    late = Raw.objects.filter(inbox=inbox, pk__gt=newest - NEWEST, arrived_at__gt=now() - LATELY)
    took = list(late.exclude(done_at=None).values_list(F("done_at") - F("arrived_at"), flat=True))
    oldest = Raw.objects.unfinished().filter(inbox=inbox).order_by("pk").values_list("arrived_at", flat=True).first()
    waits = now() - oldest if oldest else None
    return Lag(len(took), median(took), max(took), waits) if took else Lag(waits=waits)
