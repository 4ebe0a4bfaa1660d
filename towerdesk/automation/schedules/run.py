"""Let schedules act: each stage once per ticket and occasion, in the schedule's own name, recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from towerdesk.accounts.actors import rule as acting
from towerdesk.actions.perform import perform_all
from towerdesk.actions.vocabulary import read_actions, word
from towerdesk.automation.models import Schedule, ScheduleAct
from towerdesk.automation.schedules.moments import occasions
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Trouble
from towerdesk.tickets.filters import parse
from towerdesk.tickets.models import Ticket

BATCH = 200
SINCE_WORDS = {
    "silence": "{span} after our last reply",
    "unanswered": "{span} without an answer",
    "opened": "{span} after it was opened",
    "resolved": "{span} after it was resolved",
    "due": "{span} after its next step was due",
}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Stage:
    """`warn` or `act`: what to do once the occasion lies `after` behind us."""

    name: str
    after: timedelta
    said: list[dict[str, Any]]


def run_schedules() -> int:
    """Returns how many times a schedule acted. At most a batch per stage and call; the next minute takes the rest."""
    done = 0
    for schedule in Schedule.objects.filter(active=True):
        try:
            done += sum(_act(schedule, stage, ticket) for stage in stages(schedule) for ticket in due(schedule, stage))
        except Trouble as trouble:
            log.warning("a schedule can't be read", schedule=schedule.name, why=str(trouble))
    return done


def stages(schedule: Schedule) -> list[Stage]:
    """The act comes first: whoever was away for long is not warned of what happens in the same minute."""
    act = Stage("act", schedule.after, schedule.actions)
    if schedule.warn_after is None:
        return [act]
    return [act, Stage("warn", schedule.warn_after, schedule.warning)]


def due(schedule: Schedule, stage: Stage, *, at: datetime | None = None) -> "list[Any]":
    """Tickets of this stage by `at` (now), first due first, each with its `occasion`."""
    moment = at or now()
    tickets = _open_to(schedule, stage).filter(occasion__lte=moment - stage.after)
    if stage.name == "act" and schedule.warn_after is not None:
        tickets = tickets.filter(_was_warned(schedule, moment - (schedule.after - schedule.warn_after)))
    return list(tickets.select_related("requester", "team", "assignee", "inbox").order_by("occasion", "id")[:BATCH])


def _open_to(schedule: Schedule, stage: Stage) -> Any:
    """Tickets with their `occasion`, which no type knows."""
    by = actor(schedule)
    fitting = occasions(parse(schedule.condition).apply(Ticket.objects.all(), by), schedule.since)
    done = ScheduleAct.objects.filter(
        schedule=schedule, ticket_id=OuterRef("pk"), stage=stage.name, occasion=OuterRef("occasion")
    )
    return fitting.filter(~Exists(done), merged_into=None)


def _was_warned(schedule: Schedule, before: datetime) -> Exists:
    """A warning is a promise of time: nobody is closed sooner after it than it said."""
    warned = ScheduleAct.objects.filter(
        schedule=schedule, ticket_id=OuterRef("pk"), stage="warn", occasion=OuterRef("occasion"), at__lte=before
    )
    return Exists(warned.filter(trouble=""))


def actor(schedule: Schedule) -> Actor:
    return acting(schedule.pk, schedule.name)


def _act(schedule: Schedule, stage: Stage, found: Any) -> int:
    try:
        with transaction.atomic():
            return _do(schedule, stage, found)
    except IntegrityError:  # another process was faster by a moment
        return 0
    except Trouble as trouble:
        return _fail(schedule, stage, found, str(trouble))
    except Exception:
        log.exception("a schedule broke", schedule=schedule.name, ticket=found.pk)
        return _fail(schedule, stage, found, "It broke unexpectedly; the log says where.")


def _do(schedule: Schedule, stage: Stage, found: Any) -> int:
    """With the ticket held: whoever was busy with it a moment ago may have made it not due."""
    ticket = found.hold()
    if not _still_due(schedule, stage, found):
        return 0
    _tick_off(schedule, stage, found)
    actions = read_actions(stage.said)
    perform_all(actions, ticket, by=actor(schedule))
    record(
        "schedule.acted",
        by=actor(schedule),
        ticket=ticket.pk,
        subject=schedule.pk,
        schedule=schedule.name,
        stage=stage.name,
        why=why(schedule, stage),
        did=[word(type(action)) for action in actions],
    )
    return 1


def _still_due(schedule: Schedule, stage: Stage, found: Any) -> bool:
    again = _open_to(schedule, stage).filter(pk=found.pk).values_list("occasion", flat=True).first()
    return bool(again == found.occasion)


def _tick_off(schedule: Schedule, stage: Stage, found: Any, trouble: str = "") -> None:
    ScheduleAct.objects.create(
        schedule=schedule,
        ticket_id=found.pk,
        stage=stage.name,
        occasion=found.occasion,
        at=now(),
        trouble=trouble[:500],
    )


def _fail(schedule: Schedule, stage: Stage, found: Any, trouble: str) -> int:
    """Told once and not tried again for this occasion: a person looks."""
    try:
        with transaction.atomic():
            _tick_off(schedule, stage, found, trouble)
            record(
                "schedule.failed",
                by=actor(schedule),
                ticket=found.pk,
                subject=schedule.pk,
                schedule=schedule.name,
                stage=stage.name,
                trouble=trouble,
            )
    except IntegrityError:
        return 0
    return 1


def why(schedule: Schedule, stage: Stage) -> str:
    return SINCE_WORDS[schedule.since].format(span=span(stage.after))


def span(length: timedelta) -> str:
    """`3 days`, `1 day`, `4 hours`, `90 minutes`."""
    for unit, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        count, rest = divmod(int(length.total_seconds()), unit)
        if count and not rest:
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return f"{int(length.total_seconds())} seconds"


def upcoming(schedule: Schedule, within: timedelta) -> Iterator[tuple[Stage, Any]]:
    """What it would do within this time if nobody touched anything, for the screen."""
    for stage in stages(schedule):
        tickets = _open_to(schedule, stage).filter(occasion__lte=now() + within - stage.after)
        for ticket in tickets.for_strips().order_by("occasion", "id")[:BATCH]:
            yield stage, ticket
