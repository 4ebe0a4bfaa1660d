"""Business time the slow way, minute by minute, written apart from `reckon` and sharing nothing with it but the rule.

For every minute of a window it asks the zone what the wall shows, looks that up in the opening hours, and counts.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

DAYS = 40  # length of a window
WINDOWS = {
    "UTC": date(2025, 2, 20),
    "Europe/Amsterdam": date(2026, 3, 10),
    "Europe/London": date(2025, 10, 10),
    "America/New_York": date(2024, 10, 20),
    "America/St_Johns": date(2010, 10, 25),  # turned at a minute past midnight, back into the day before
    "America/Havana": date(2024, 2, 25),  # turned at midnight
    "Atlantic/Azores": date(2025, 10, 15),
    "Africa/Casablanca": date(2025, 2, 10),  # Ramadan: back and forth within the window
    "Africa/Cairo": date(2010, 8, 1),
    "Australia/Lord_Howe": date(2026, 3, 20),  # by half an hour
    "Pacific/Apia": date(2011, 12, 15),  # a whole day left out
    "Asia/Kathmandu": date(2025, 6, 1),  # 5 h 45 min ahead
    "America/Recife": date(2000, 10, 1),  # turned and turned back within a week
    "Asia/Gaza": date(2024, 4, 1),
    "Antarctica/Troll": date(2025, 3, 15),  # by two hours
}
"""Zone → first day of a window in which something happens to its clocks."""


@cache
def wall(zone: str) -> np.ndarray:
    """Per minute of the window what the wall shows, as minutes since 1970 as if they were local."""
    first = datetime.combine(WINDOWS[zone], datetime.min.time(), tzinfo=UTC)
    there = ZoneInfo(zone)
    shown = []
    for minute in range(DAYS * 1440):
        local = (first + timedelta(minutes=minute)).astimezone(there)
        shown.append((local.toordinal() - 719163) * 1440 + local.hour * 60 + local.minute)
    return np.array(shown)


def opened(zone: str, week, own: dict[date, object]) -> np.ndarray:
    """Per minute of the window: is it open?"""
    shown = wall(zone)
    days = shown // 1440
    first = int(days.min())
    table = np.zeros((int(days.max()) - first + 1, 1440), dtype=bool)
    for row in range(len(table)):
        day = date(1970, 1, 1) + timedelta(days=first + row)
        for begin, end in own.get(day, week[day.weekday()]):
            table[row, begin:end] = True
    return table[days - first, shown % 1440]


def running(open_minutes: np.ndarray, start: int, pauses) -> np.ndarray:
    """Per minute from `start` on: does it count?"""
    counts = open_minutes.copy()
    for begin, end in pauses:
        counts[begin : end if end is not None else len(counts)] = False
    return counts[start:]


def reached(counts: np.ndarray, length: int, start: int, pauses) -> int | None:
    """How many minutes until `length` of them have counted and no pause holds it up; None when the window is too short."""
    found = 0 if length == 0 else int(np.searchsorted(np.cumsum(counts), length)) + 1
    for begin, end in pauses:
        if begin <= start + found and (end is None or start + found < end):
            found = len(counts) + 1 if end is None else end - start
    return found if found <= len(counts) else None
