"""Brasswell's office hours and what it promises; a Monday morning to live through."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from towerdesk.hours.models import Calendar
from towerdesk.hours.save import Plan as Hours
from towerdesk.hours.save import save_calendar
from towerdesk.lib import clock
from towerdesk.lib.actor import CLOCK
from towerdesk.sla.models import Clock, Policy
from towerdesk.sla.save import Plan, save_policy

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY = ((9 * 60, 12 * 60), (13 * 60, 17 * 60))
PRIORITIES = ("critical", "high", "normal", "low")


def monday(time: str, days: int = 0) -> datetime:
    """A Monday in November, or so many days later, in Amsterdam."""
    return datetime.fromisoformat(f"2026-11-23T{time}").replace(tzinfo=AMSTERDAM) + timedelta(days=days)


@contextmanager
def at(time: str, days: int = 0):
    with clock.at(monday(time, days)):
        yield


@pytest.fixture
def office(db: None) -> Calendar:
    return save_calendar(None, Hours("Office hours", "Europe/Amsterdam", [DAY] * 5 + [(), ()], "NL"), by=CLOCK)


@pytest.fixture
def promise(office: Calendar) -> Callable[..., Policy]:
    """`promise(first=60, solution=480)`: a policy for every ticket, in minutes of the office's time."""

    def make(
        name: str = "Standard", condition: str = "", *, steps=(), calendar=office, policy=None, **minutes
    ) -> Policy:
        kinds = {"first": "first_response", "next": "next_response", "solution": "resolution"}
        targets = {
            kinds[kind]: dict.fromkeys(PRIORITIES, its) if isinstance(its, int) else its
            for kind, its in minutes.items()
        }
        return save_policy(policy, Plan(name, condition, calendar, targets=targets, steps=steps), by=CLOCK)

    return make


def clock_of(ticket, kind: str = "resolution") -> Clock:
    return Clock.objects.filter(ticket=ticket, kind=kind).order_by("-started_at").select_related("policy__calendar")[0]
