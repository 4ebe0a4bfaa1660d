"""Notice what has come due on clocks: warnings, breaches, steps after them. Each is done once, whoever looks."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from towerdesk.lib.clock import now
from towerdesk.sla.follow import course_of
from towerdesk.sla.models import Clock
from towerdesk.sla.policies import Promise, promises
from towerdesk.sla.reckon import set_clock, to_come
from towerdesk.sla.tell import step_taken
from towerdesk.tickets.models import Ticket

BATCH = 200
LATER = timedelta(minutes=10)

log = structlog.get_logger()


def notice(most: int = BATCH) -> int:
    """Returns how many clocks were looked at: fewer than `most` says that nothing is left for now."""
    due = list(Clock.objects.due().values_list("id", "ticket_id")[:most])
    among = {promise.id: promise for promise in promises()} if due else {}
    for clock, ticket in due:
        try:
            with transaction.atomic():
                _look(clock, ticket, among)
        except Exception:
            log.exception("a clock that is due broke", clock=clock, ticket=ticket)
            Clock.objects.filter(pk=clock).update(next_at=now() + LATER)  # it must not hold up the others
    return len(due)


def _look(clock_id: int, ticket_id: int, among: dict[int, Promise]) -> None:
    ticket = Ticket.objects.select_for_update(of=("self",)).select_related("track").filter(pk=ticket_id).first()
    clock = Clock.objects.filter(pk=clock_id).first()
    if ticket is None or clock is None or clock.next_at is None or clock.next_at > now():
        return
    promise, at = among.get(clock.policy_id), now()
    course = course_of(clock, ticket, ticket.track, promise) if promise else None
    if promise is None or course is None:
        clock.next_at = None  # the policy was switched off: the ticket's next event, or a review, sorts it out
        clock.save(update_fields=["next_at"])
        return
    passed = [minutes for minutes in to_come(clock, course, promise) if _has_come(course.due(promise, minutes), at)]
    clock.done = [*clock.done, *passed]
    set_clock(clock, course, promise, at)
    clock.save()
    for minutes in passed:
        actions = [one for of, its in promise.steps_of(course.kind) if of == minutes for one in its]
        step_taken(ticket, promise, clock, minutes, actions)


def _has_come(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and moment <= at
