"""Conditions on times: `<1h`, `>7d`, `today`, `2026-11-01`, `>2026-11-01`, `2026-11-01..2026-11-05`, `none`, `any`.

Days begin and end in the desk's time zone. Durations count from now: for what lies behind us they are ages
(`created:>7d` is older than seven days), for what is due they look ahead (`due:<1h` is due within the hour or late).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils.timezone import get_default_timezone

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.filters.kinds import ANY, NONE, Field
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.ticket import WAITING

type Span = tuple[datetime | None, datetime | None]
"""From the first moment on, and before the second; None is open."""

LASTS = re.compile(r"(?P<sign>[<>])(?P<number>\d{1,4})(?P<unit>min|m|h|d|w)", re.ASCII)
DAY = r"\d{4}-\d{2}-\d{2}"
DATE = re.compile(
    rf"(?P<sign><=|>=|<|>|=)?(?P<day>{DAY}|today|yesterday|tomorrow)|(?P<first>{DAY})\.\.(?P<last>{DAY})", re.ASCII
)
UNITS = {
    "min": timedelta(minutes=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
AWAY = {"yesterday": -1, "today": 0, "tomorrow": 1}


@dataclass(frozen=True, slots=True)
class Past(Field):
    column: str
    example: str

    def read(self, text: str) -> str:
        value = text.lower()
        if value in (NONE, ANY) or LASTS.fullmatch(value):
            return value
        return read_days(value)

    def q(self, value: str, actor: Actor) -> Q:
        if value in (NONE, ANY):
            return Q(**{f"{self.column}__isnull": value == NONE})
        low, high = self._span(value)
        limits = {f"{self.column}__gte": low, f"{self.column}__lt": high}
        return Q(**{lookup: moment for lookup, moment in limits.items() if moment is not None})

    def holds(self, ticket: Ticket, value: str, actor: Actor) -> bool:
        has = getattr(ticket, self.column)
        if has is None or value in (NONE, ANY):
            return bool((has is None) == (value == NONE) and (has is not None or value == NONE))
        low, high = self._span(value)
        return (low is None or has >= low) and (high is None or has < high)

    def says(self, ticket: Ticket) -> str:
        has = getattr(ticket, self.column)
        return has.astimezone(get_default_timezone()).isoformat(" ", "minutes") if has else NONE

    def _span(self, value: str) -> Span:
        lasts = LASTS.fullmatch(value)
        return self._counted(lasts) if lasts else days_of(value)

    def _counted(self, lasts: re.Match[str]) -> Span:
        """An age: younger than, or older than."""
        moment = now() - int(lasts["number"]) * UNITS[lasts["unit"]]
        return (moment, None) if lasts["sign"] == "<" else (None, moment)


@dataclass(frozen=True, slots=True)
class Due(Past):
    """Looks ahead, and knows `late`."""

    def read(self, text: str) -> str:
        return "late" if text.lower() == "late" else super(Due, self).read(text)

    def q(self, value: str, actor: Actor) -> Q:
        if value == "late":
            return Q(status__in=WAITING, due_at__lt=now())
        return super(Due, self).q(value, actor)

    def holds(self, ticket: Ticket, value: str, actor: Actor) -> bool:
        if value == "late":
            return ticket.is_waiting and ticket.due_at is not None and ticket.due_at < now()
        return super(Due, self).holds(ticket, value, actor)

    def _counted(self, lasts: re.Match[str]) -> Span:
        moment = now() + int(lasts["number"]) * UNITS[lasts["unit"]]
        return (None, moment) if lasts["sign"] == "<" else (moment, None)


def read_days(value: str) -> str:
    """A day, all before or after one, or all from one to another. Raises `Invalid`."""
    found = DATE.fullmatch(value)
    days = [found["day"], found["first"], found["last"]] if found else []
    if not found or not all(_is_day(day) for day in days if day):
        raise Invalid(
            f"“{value}” is not a time we understand: write for example <1h, >7d, today, 2026-11-01, >2026-11-01 or "
            "2026-11-01..2026-11-05."
        )
    return value


def days_of(value: str) -> Span:
    found = DATE.fullmatch(value)
    assert found  # noqa: S101 - read() let nothing else through
    if found["first"]:
        return _begin(found["first"]), _begin(found["last"], 1)
    begin, end = _begin(found["day"]), _begin(found["day"], 1)
    spans: dict[str, Span] = {"<": (None, begin), "<=": (None, end), ">": (end, None), ">=": (begin, None)}
    return spans.get(found["sign"] or "=", (begin, end))


def _begin(day: str, later: int = 0) -> datetime:
    zone = get_default_timezone()
    if day in AWAY:
        base, later = now().astimezone(zone).date(), later + AWAY[day]
    else:
        base = date.fromisoformat(day)
    return datetime.combine(base + timedelta(days=later), time.min, tzinfo=zone)


def _is_day(text: str) -> bool:
    if text in AWAY:
        return True
    try:
        return 1900 <= date.fromisoformat(text).year <= 9000
    except ValueError:
        return False
