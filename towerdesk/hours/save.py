"""Make a calendar, or change one. Every clock that runs by it is reckoned anew afterwards (a follower of the event)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from towerdesk.events.record import record
from towerdesk.hours.holidays import countries
from towerdesk.hours.models import Calendar
from towerdesk.hours.opening import Day
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import one_line


@dataclass(frozen=True, slots=True)
class Plan:
    """What a calendar is to be. `week` has seven days, Monday first; `days` are as `words.read_days` gives them."""

    name: str
    zone: str
    week: Sequence[Day]
    country: str = ""
    subdivision: str = ""
    days: list[dict[str, Any]] = field(default_factory=list)


def save_calendar(calendar: Calendar | None, plan: Plan, *, by: Actor) -> Calendar:
    """Raises `Invalid` with one sentence that names what to change."""
    by.must("calendar.change")
    _must_be_valid(plan)
    calendar = calendar or Calendar()
    calendar.name, calendar.zone = one_line(plan.name, 80), plan.zone
    calendar.week = [[list(one) for one in day] for day in plan.week]
    calendar.country, calendar.subdivision = plan.country, plan.subdivision if plan.country else ""
    calendar.days, calendar.changed_at = plan.days, now()
    try:
        with transaction.atomic():
            calendar.save()
            record("calendar.saved", by=by, subject=calendar.pk, name=calendar.name)
    except IntegrityError:
        raise Invalid(
            f"There is a calendar “{calendar.name}” already: choose another name.", {"name": "Choose another name."}
        ) from None
    return calendar


def _must_be_valid(plan: Plan) -> None:
    if not plan.name.strip():
        raise Invalid("A calendar needs a name, like “Office hours”.", {"name": "Give it a name."})
    if not is_zone(plan.zone):
        raise Invalid(
            f"There is no time zone “{one_line(plan.zone, 60)}”: write one like Europe/Amsterdam.",
            {"zone": "A name like Europe/Amsterdam."},
        )
    if not any(plan.week):
        raise Invalid("This week never opens: give at least one day its hours.", {"week": "Give a day its hours."})
    if plan.country:
        _must_be_country(plan.country, plan.subdivision)


def _must_be_country(country: str, subdivision: str) -> None:
    known = countries()
    if country not in known:
        raise Invalid(
            f"No holidays are known for “{one_line(country, 20)}”: choose a country of the list.",
            {"country": "Choose one of the list."},
        )
    if subdivision and subdivision not in known[country]:
        parts = ", ".join(known[country]) or "none: leave it empty"
        raise Invalid(
            f"{country} has no part “{one_line(subdivision, 20)}” with holidays of its own. It has {parts}.",
            {"subdivision": "Choose one of its parts, or leave it empty."},
        )


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # what is not there, or no name at all
        return False
    return bool(name)
