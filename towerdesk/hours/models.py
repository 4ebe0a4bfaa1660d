"""Calendar: when we work. Its hours are plain data, so that reckoning needs no database."""

from datetime import date
from typing import Any

from django.db import models

from towerdesk.hours.opening import Hours
from towerdesk.lib.clock import now


class Calendar(models.Model):
    """`week` holds seven lists of [from, to] in minutes after local midnight, Monday first; `days` own dates with hours."""

    name = models.CharField(max_length=80, unique=True)
    zone = models.CharField(max_length=60, default="UTC")  # IANA name
    week: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    country = models.CharField(max_length=2, blank=True)  # ISO code: its public holidays are closed
    subdivision = models.CharField(max_length=12, blank=True)
    days: "models.JSONField[Any, Any]" = models.JSONField(
        default=list, blank=True
    )  # [{"date": "2026-12-24", "hours": [[540, 720]], "note": "Christmas Eve"}]; no hours: closed
    changed_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def hours(self) -> Hours:
        days = tuple((date.fromisoformat(own["date"]), _day(own["hours"])) for own in self.days)
        return Hours(self.zone, tuple(_day(day) for day in self.week), self.country, self.subdivision, days)  # type: ignore[arg-type]


def _day(intervals: list[list[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((begin, end) for begin, end in intervals)
