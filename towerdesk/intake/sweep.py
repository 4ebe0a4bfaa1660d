"""Find arrivals that were stored but whose job is gone, and have them read after all."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from towerdesk.events.models import Event
from towerdesk.events.record import FOLLOW, record
from towerdesk.intake.finish import FinishedAlready, finish
from towerdesk.intake.happened import wake_missed
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now

LEFT_BEHIND = timedelta(minutes=1)
MOST = 200  # at a time; the oldest first
TRIES = 10  # with 1, 2, 4 … minutes between them: some 17 hours
GIVEN_UP = "This could not be taken in: every try was cut short. Its bytes are kept, and it can be tried again."


def sweep() -> int:
    """Run by the clock. How many were started again or given up."""
    wake_missed()
    left = Raw.objects.unfinished().filter(arrived_at__lt=now() - LEFT_BEHIND)
    old = list(left.order_by("pk").defer("content")[:MOST])
    if not old:
        return 0
    events = _events_of(old)
    alive = _with_a_job(event for each in events.values() for event in each)
    return sum(_try_again(raw, events[raw.pk]) for raw in old if not alive & {event.pk for event in events[raw.pk]})


def _events_of(raws: list[Raw]) -> dict[int, list[Event]]:
    """What sets off reading, of each raw, oldest first."""
    by_raw: dict[int, list[Event]] = {raw.pk: [] for raw in raws}
    since = min(raw.arrived_at for raw in raws) - timedelta(seconds=1)
    found = Event.objects.filter(kind__in=("raw.arrived", "raw.replayed"), at__gte=since, subject_id__in=by_raw)
    for event in found.order_by("pk"):
        by_raw[event.subject_id or 0].append(event)
    return by_raw


def _with_a_job(events: Iterable[Event]) -> set[int]:
    ids = [event.pk for event in events]
    jobs = ProcrastinateJob.objects.filter(task_name=FOLLOW, status__in=("todo", "doing"), args__event__in=ids)
    return set(jobs.values_list("args__event", flat=True))


def _try_again(raw: Raw, events: list[Event]) -> bool:
    tries = sum(event.kind == "raw.replayed" and event.actor_kind == "clock" for event in events)
    if events and now() < _next_try(events[-1].at, tries):
        return False
    try:
        with transaction.atomic():
            if tries >= TRIES:
                finish(raw, "failed", GIVEN_UP)
            else:
                record("raw.replayed", by=CLOCK, subject=raw.pk, inbox=raw.inbox_id)
    except FinishedAlready:
        return False
    return True


def _next_try(last: datetime, tries: int) -> datetime:
    return last + timedelta(seconds=LEFT_BEHIND.total_seconds() * 2**tries)
