"""Calendars: the week as people write it, public holidays by country, and days that are not like others."""

from typing import Annotated

from pydantic import Field

from towerdesk.hours.delete import delete_calendar
from towerdesk.hours.models import Calendar
from towerdesk.hours.save import Plan, save_calendar
from towerdesk.hours.words import WEEKDAYS, read_days, read_hours, say_days, say_hours
from towerdesk.lib.actor import Actor
from towerdesk.lib.related import pointing_to, told
from towerdesk.setup.section import DELETE, Entry, Fate, Section
from towerdesk.setup.shapes import Name

type Opening = Annotated[str, Field(max_length=200)]


class CalendarEntry(Entry):
    name: Annotated[Name, Field(max_length=80)]
    zone: Annotated[str, Field(max_length=60)] = "UTC"
    week: Annotated[list[Opening], Field(min_length=7, max_length=7)]  # Monday first, as “09:00–12:00, 13:00–17:00”
    country: Annotated[str, Field(max_length=2)] = ""
    subdivision: Annotated[str, Field(max_length=12)] = ""
    days: list[Opening] = []


class Calendars(Section[CalendarEntry]):
    name = "calendars"
    key = "name"
    shape = CalendarEntry

    def entries(self) -> list[CalendarEntry]:
        return [_entry(calendar) for calendar in Calendar.objects.order_by("name")]

    def write(self, entry: CalendarEntry, *, by: Actor) -> None:
        week = [read_hours(hours, weekday) for weekday, hours in zip(WEEKDAYS, entry.week, strict=True)]
        days = read_days("\n".join(entry.days))
        plan = Plan(entry.name, entry.zone, week, entry.country, entry.subdivision, days)
        save_calendar(Calendar.objects.filter(name=entry.name).first(), plan, by=by)

    def fate(self, key: str) -> Fate:
        used = pointing_to(Calendar.objects.get(name=key))
        return f"it has {told(used)}" if used else DELETE

    def prune(self, key: str, *, by: Actor) -> None:
        delete_calendar(Calendar.objects.get(name=key), by=by)


def _entry(calendar: Calendar) -> CalendarEntry:
    hours = calendar.hours
    return CalendarEntry(
        name=calendar.name,
        zone=calendar.zone,
        week=[say_hours(day) for day in hours.week],
        country=calendar.country,
        subdivision=calendar.subdivision,
        days=say_days(calendar.days).splitlines(),
    )
