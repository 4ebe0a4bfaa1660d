"""Opening hours as people write them: `09:00–12:00, 13:00–17:00`, `closed`, `all day`; and days of one's own."""

import re
from datetime import date
from itertools import pairwise
from typing import Any

from towerdesk.hours.opening import Day
from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import one_line

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
INTERVAL = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|to|until)\s*(\d{1,2})(?:[:.](\d{2}))?", re.I)
SEPARATOR = re.compile(r"\s*(?:,|;|\band\b)\s*", re.I)
CLOSED, ALL_DAY = ("", "closed", "-", "–"), ("all day", "24 h", "always")
OWN_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})\s*+:?\s*+(.*?)\s*(?:#\s*(.*))?", re.S)


def read_hours(text: str, where: str) -> Day:
    """Raises `Invalid`, naming `where` (a weekday or date) and what to write instead."""
    plain = " ".join(text.lower().split())
    if plain in CLOSED:
        return ()
    if plain in ALL_DAY:
        return ((0, 1440),)
    found = tuple(sorted(_interval(part, where) for part in SEPARATOR.split(plain) if part))
    for (_, end), (begin, _) in pairwise(found):
        if begin < end:
            raise Invalid(
                f"{where}: two intervals overlap at {say_time(begin)}. Let the later one begin at {say_time(end)}."
            )
    return found


def say_hours(day: Day) -> str:
    if day == ((0, 1440),):
        return "all day"
    return ", ".join(f"{say_time(begin)}–{say_time(end)}" for begin, end in day) or "closed"


def say_time(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def read_days(text: str) -> list[dict[str, Any]]:
    """One line for each day: `2026-12-24 09:00–12:00 # Christmas Eve`, or `2026-12-31 closed`."""
    days = [_own_day(line.strip()) for line in text.splitlines() if line.strip()]
    dates = [day["date"] for day in days]
    twice = next((one for one in dates if dates.count(one) > 1), None)
    if twice:
        raise Invalid(f"{twice} is there twice: keep one line for it.", {"days": "One line for each date."})
    return sorted(days, key=lambda day: str(day["date"]))


def say_days(days: list[dict[str, Any]]) -> str:
    lines = (
        f"{day['date']} {say_hours(tuple(map(tuple, day['hours'])))}" + (f" # {day['note']}" if day["note"] else "")
        for day in days
    )
    return "\n".join(lines)


def _own_day(line: str) -> dict[str, Any]:
    found = OWN_DAY.fullmatch(line)
    try:
        day = date.fromisoformat(found[1]) if found else None
    except ValueError:
        day = None
    if found is None or day is None or not 1970 <= day.year <= 9000:
        raise Invalid(
            f"“{one_line(line, 40)}” is no day: write a date and its hours, like 2026-12-24 09:00–12:00, or 2026-12-31 closed.",
            {"days": "A date (year-month-day), then its hours or “closed”."},
        )
    hours = read_hours(found[2], found[1])
    return {"date": found[1], "hours": [list(one) for one in hours], "note": one_line(found[3] or "", 80)}


def _interval(text: str, where: str) -> tuple[int, int]:
    found = INTERVAL.fullmatch(text.strip())
    if found is None:
        raise Invalid(
            f"{where}: “{one_line(text, 40)}” can't be understood. Write 09:00–12:00, 13:00–17:00, or closed."
        )
    begin, end = _minute(found[1], found[2], where), _minute(found[3], found[4], where)
    if begin >= end:
        raise Invalid(
            f"{where}: {say_time(begin)}–{say_time(end)} ends before it begins. For a night write until 24:00, and the rest "
            "on the next day from 00:00."
        )
    return begin, end


def _minute(hour: str, minute: str | None, where: str) -> int:
    found = int(hour) * 60 + int(minute or 0)
    if found > 1440 or int(minute or 0) > 59:
        raise Invalid(f"{where}: there is no time {hour}:{minute or '00'}. A day goes from 00:00 to 24:00.")
    return found
