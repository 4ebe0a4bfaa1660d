"""What was considered before the lookout for surges was there: it learns from that what is usual, instead of waiting days."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from towerdesk.assistant.models import Run
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import embedder
from towerdesk.problems.models import Sighting
from towerdesk.problems.surges.scan import LEARNS

AT_ONCE = 5000
LOOKS_BACK = timedelta(days=1)
"""Whoever stood still for less than that has missed nothing."""


def bring_along() -> int:
    """The first run of each ticket of the last weeks; returns how many were new.

    Goes on from the newest that was seen a day ago, so that an hour of a large desk costs what a day brings, not weeks.
    """
    at = now()
    earlier = Run.objects.filter(ticket=OuterRef("ticket"), pk__lt=OuterRef("pk"))
    seen = Sighting.objects.filter(ticket=OuterRef("ticket"))
    since = at - timedelta(seconds=LEARNS)
    runs = Run.objects.filter(~Exists(earlier), ~Exists(seen), vector__isnull=False, at__gt=since, pk__gt=_done(at))
    rows = runs.order_by("id").values_list("ticket", "at", "ticket__requester", "ticket__intent", "vector")[:AT_ONCE]
    model = embedder().fingerprint
    made = [
        Sighting(ticket_id=ticket, at=at, person=person, intent_id=intent, vector=bytes(vector or b""), model=model)
        for ticket, at, person, intent, vector in rows
    ]
    Sighting.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _done(at: datetime) -> int:
    """The run up to which all are seen; 0 while that is not known."""
    last = Sighting.objects.filter(at__lt=at - LOOKS_BACK).order_by("-at").values_list("ticket", flat=True).first()
    first_run = Run.objects.filter(ticket=last).order_by("pk").values_list("pk", flat=True).first() if last else None
    return first_run or 0
