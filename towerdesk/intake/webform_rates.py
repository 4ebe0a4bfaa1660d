"""How often a network, and an address that somebody typed, had forms filled in within the last hour."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q

from towerdesk.events.models import Event
from towerdesk.intake.models import Raw
from towerdesk.lib.clock import now

DOOR = "webform"
LOOK_BACK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rates:
    network: int = 0
    sender: int = 0
    unproven: int = 0  # of the network's, those whose browser did no work

    @property
    def highest(self) -> int:
        return max(self.network, self.sender)


def rates(network: str, sender: str = "") -> Rates:
    """Asked of the log, which is in order of time by kind: arrivals alone have no such index."""
    arrived = Event.objects.filter(kind="raw.arrived", at__gt=now() - LOOK_BACK, data__door=DOOR)
    same = Q(envelope__network=network)
    found = Raw.objects.filter(pk__in=arrived.values("subject_id"), door=DOOR).aggregate(
        network=Count("pk", filter=same),
        sender=Count("pk", filter=Q(envelope__from=sender) if sender else Q(pk=0)),
        unproven=Count("pk", filter=same & Q(envelope__proven=False)),
    )
    return Rates(**found)


def bits_for(lately: int) -> int:
    """Zero bits that a browser has to find. 12 for a person (some milliseconds); each doubling of the rate costs four times
    as much."""
    return min(20, 12 + 2 * max(0, lately - 1).bit_length())
