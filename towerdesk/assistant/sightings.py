"""What was considered before the lookout for surges was there: it learns from that what is usual, instead of waiting days."""

from datetime import timedelta

from django.db.models import Exists, OuterRef

from towerdesk.assistant.models import Run
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import embedder
from towerdesk.problems.models import Sighting
from towerdesk.problems.surges.scan import LEARNS

AT_ONCE = 2000


def bring_along() -> int:
    """The first run of each ticket of the last weeks; returns how many were new."""
    since = now() - timedelta(seconds=LEARNS)
    earlier = Run.objects.filter(ticket=OuterRef("ticket"), pk__lt=OuterRef("pk"))
    seen = Sighting.objects.filter(ticket=OuterRef("ticket"))
    runs = Run.objects.filter(~Exists(earlier), ~Exists(seen), vector__isnull=False, at__gt=since)
    rows = runs.order_by("id").values_list("ticket", "at", "ticket__requester", "ticket__intent", "vector")[:AT_ONCE]
    model = embedder().fingerprint
    made = [
        Sighting(ticket_id=ticket, at=at, person=person, intent_id=intent, vector=bytes(vector or b""), model=model)
        for ticket, at, person, intent, vector in rows
    ]
    Sighting.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)
