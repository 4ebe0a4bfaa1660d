"""Look at a calendar before it is relied on: the holidays ahead, and from when until when something takes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from towerdesk.hours import reckon
from towerdesk.hours.holidays import holidays_in
from towerdesk.hours.models import Calendar
from towerdesk.hours.words import say_hours


@dataclass(frozen=True, slots=True)
class Special:
    """A date that is not like its weekday: `name` is the holiday's or the own note, `hours` in words."""

    day: date
    name: str
    hours: str
    own: bool


def specials(calendar: Calendar, since: date, days: int = 366) -> list[Special]:
    """Holidays and own days from `since` on, first come first; an own day stands in for a holiday."""
    until = since + timedelta(days=days)
    found = {
        day: Special(day, name, "closed", own=False)
        for year in range(since.year, until.year + 1)
        for day, name in holidays_in(calendar.country, calendar.subdivision, year).items()
    }
    for day, hours in calendar.hours.days:
        note = next(own["note"] for own in calendar.days if own["date"] == day.isoformat())
        name = note or (found[day].name if day in found else "")
        found[day] = Special(day, name, say_hours(hours), own=True)
    return [found[day] for day in sorted(found) if since <= day < until]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a calendar makes of a question: the answer and every stretch on the way to it."""

    begin: datetime
    end: datetime
    open: timedelta
    pieces: list[reckon.Piece]


def after(calendar: Calendar, begin: datetime, length: timedelta) -> Trial:
    return measure(calendar, begin, reckon.add(calendar.hours, begin, length))


def measure(calendar: Calendar, begin: datetime, end: datetime) -> Trial:
    """`end` before `begin` counts as no time at all."""
    end = max(begin, end)
    pieces = reckon.account(calendar.hours, begin, end)
    return Trial(begin, end, reckon.between(calendar.hours, begin, end), pieces)
