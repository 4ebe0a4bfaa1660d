"""After a policy or a calendar was changed: reckon every waiting ticket's clocks from the start, pauses kept."""

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.sla.follow import Followed, follow
from towerdesk.sla.models import Clock
from towerdesk.sla.policies import Promise, promises
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.ticket import WAITING

BATCH = 500


def review(cause: Event, after: int = 0, most: int = BATCH) -> int | None:
    """A batch of tickets beyond number `after`; returns the last one's number, or None when there are no more."""
    waiting = Ticket.objects.filter(pk__gt=after, status__in=WAITING).order_by("pk")
    numbers = list(waiting.values_list("pk", flat=True)[:most])
    among = promises()
    for number in numbers:
        with transaction.atomic():
            _review(number, cause, among)
    return numbers[-1] if len(numbers) == most else None


def _review(number: int, cause: Event, among: tuple[Promise, ...]) -> None:
    Ticket.objects.select_for_update().filter(pk=number).first()
    ticket = Ticket.objects.for_strips().select_related("track").filter(pk=number, status__in=WAITING).first()
    if ticket is not None and (among or Clock.objects.filter(ticket=ticket).going().exists()):
        follow(Followed(ticket, getattr(ticket, "track", None)), [cause], among)
