"""Schedules: what happens to tickets after a time."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from towerdesk.automation.models import Schedule
from towerdesk.automation.schedules.save import Draft, delete, save_schedule, switch
from towerdesk.lib.actor import Actor
from towerdesk.setup.section import DELETE, Entry, Fate, Section
from towerdesk.setup.sections.owners import Owner, address_of, owner_of
from towerdesk.setup.shapes import Name
from towerdesk.setup.sorting import tidy

Minutes = Annotated[int, Field(ge=5, le=10 * 366 * 24 * 60)]


class ScheduleEntry(Entry):
    name: Name
    since: Annotated[str, Field(max_length=12)] = "silence"
    after_minutes: Minutes
    condition: Annotated[str, Field(max_length=500)] = ""
    actions: list[dict[str, Any]]
    warn_after_minutes: Minutes | None = None
    warning: list[dict[str, Any]] = []
    owner: Owner = ""
    active: bool = False


class Schedules(Section[ScheduleEntry]):
    name = "schedules"
    key = "name"
    shape = ScheduleEntry

    def entries(self) -> list[ScheduleEntry]:
        return [_entry(one) for one in Schedule.objects.select_related("owner").order_by("name", "id")]

    def write(self, entry: ScheduleEntry, *, by: Actor) -> None:
        draft = Draft(
            name=entry.name,
            since=entry.since,
            after=timedelta(minutes=entry.after_minutes),
            condition=entry.condition,
            actions=entry.actions,
            warn_after=timedelta(minutes=entry.warn_after_minutes) if entry.warn_after_minutes else None,
            warning=entry.warning,
            owner=owner_of(entry.owner),
        )
        schedule = save_schedule(Schedule.objects.filter(name=entry.name).first(), draft, by=by)
        switch(schedule, on=entry.active, by=by)

    def fate(self, key: str) -> Fate:
        return DELETE

    def prune(self, key: str, *, by: Actor) -> None:
        for schedule in Schedule.objects.filter(name=key):
            switch(schedule, on=False, by=by)
            delete(schedule, schedule.name, by=by)


def _entry(schedule: Schedule) -> ScheduleEntry:
    return ScheduleEntry(
        name=schedule.name,
        since=schedule.since,
        after_minutes=_minutes(schedule.after),
        condition=schedule.condition,
        actions=[tidy(action) for action in schedule.actions],
        warn_after_minutes=_minutes(schedule.warn_after) if schedule.warn_after else None,
        warning=[tidy(action) for action in schedule.warning],
        owner=address_of(schedule.owner),
        active=schedule.active,
    )


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)
