"""Times, sizes and shares as people say them."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from towerdesk.lib.clock import now

SOON = timedelta(minutes=30)
DAY = timedelta(days=1)


def due_words(due: datetime, at: datetime) -> str:
    """`18 m late`, `under 1 m`, `9 m`, `2 h 05 m`; from tomorrow on a date: `Wed 10:00`, `3 Mar`."""
    left = due - at
    if left < timedelta(0):
        return f"{span_words(-left)} late"
    if left < timedelta(hours=4):
        return span_words(left)
    local, today = _here(due, at)
    return span_words(left) if local.date() == today else _when(local, today)


def span_words(span: timedelta) -> str:
    """`under 1 m`, `9 m`, `2 h 05 m`, `3 days`."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "under 1 m"
    if minutes < 60:
        return f"{minutes} m"
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest:02d} m" if hours < 10 else f"{hours} h"
    days = minutes // (24 * 60)
    return "1 day" if days == 1 else f"{days} days"


def moment_words(span: timedelta) -> str:
    """For what usually takes moments: 0.3 s, 12 s, and from a minute on as any other span."""
    seconds = span.total_seconds()
    if seconds >= 60:
        return span_words(span)
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"


def when_words(moment: datetime, at: datetime) -> str:
    """`10:00` today, `Wed 10:00` within a week, else `3 Mar` or `3 Mar 2025`; in the reader's time zone."""
    return _when(*_here(moment, at))


def _here(moment: datetime, at: datetime) -> tuple[datetime, date]:
    """In the reader's time zone: the moment, and which day it is."""
    zone = timezone.get_current_timezone()
    return moment.astimezone(zone), at.astimezone(zone).date()


def _when(local: datetime, today: date) -> str:
    if local.date() == today:
        return f"{local:%H:%M}"
    if abs(local.date() - today) < 6 * DAY:
        return f"{local:%a %H:%M}"
    return f"{local.day} {local:%b}" if local.year == today.year else f"{local.day} {local:%b %Y}"


def day_words(moment: datetime, at: datetime) -> str:
    """`Today`, `Yesterday`, `Tuesday 17 November`, with the year when it is another one."""
    local, today = timezone.localdate(moment), timezone.localdate(at)
    if local == today:
        return "Today"
    if local == today - DAY:
        return "Yesterday"
    return f"{local:%A} {local.day} {local:%B}" + ("" if local.year == today.year else f" {local.year}")


def ago_words(moment: datetime) -> str:
    return f"{span_words(now() - moment)} ago"


def size_words(size: int) -> str:
    """Bytes as `812 B`, `14 kB`, `1.8 MB`."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size // 1000} kB"
    return f"{size / 1_000_000:.1f} MB"


def score_words(score: float) -> str:
    """`.93`; a score is cut, not rounded up, so that it never looks better than it is."""
    return "1.0" if score >= 1 else f".{int(score * 100):02d}"


def percent_words(share: float) -> str:
    """`1.9 %`; below ten with one decimal."""
    return f"{share * 100:.1f} %" if share < 0.1 else f"{share * 100:.0f} %"


def count_words(number: int, one: str, many: str = "") -> str:
    """`1 ticket`, `3 018 tickets`; a thin space parts the thousands."""
    return f"{number:,}".replace(",", "\u202f") + " " + (one if number == 1 else many or f"{one}s")
