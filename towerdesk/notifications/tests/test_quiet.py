"""Quiet hours and digests by the clock on the wall, summer time included."""

import random
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from towerdesk.notifications.quiet import awake_at, next_time

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NIGHT = (time(22), time(7))


def at(wall: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=AMSTERDAM).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "awake"),
    [
        ("2026-11-23T21:59", "2026-11-23T21:59"),
        ("2026-11-23T22:00", "2026-11-24T07:00"),
        ("2026-11-24T03:00", "2026-11-24T07:00"),
        ("2026-11-24T07:00", "2026-11-24T07:00"),
        ("2026-10-24T23:00", "2026-10-25T07:00"),  # an hour longer: the clocks go back
        ("2026-03-28T23:00", "2026-03-29T07:00"),
    ],
)
def test_the_night_is_quiet(moment, awake):
    assert awake_at(at(moment), *NIGHT, AMSTERDAM) == at(awake)


def test_a_quiet_lunch_ends_on_the_same_day_and_none_is_none():
    assert awake_at(at("2026-11-23T12:30"), time(12), time(13), AMSTERDAM) == at("2026-11-23T13:00")
    assert awake_at(at("2026-11-23T12:30"), None, None, AMSTERDAM) == at("2026-11-23T12:30")
    assert awake_at(at("2026-11-23T12:30"), time(8), time(8), AMSTERDAM) == at("2026-11-23T12:30")


def test_a_digest_comes_at_the_next_time_that_it_is_eight():
    assert next_time(at("2026-11-23T07:59"), time(8), AMSTERDAM) == at("2026-11-23T08:00")
    assert next_time(at("2026-11-23T08:00"), time(8), AMSTERDAM) == at("2026-11-24T08:00")
    assert next_time(at("2026-03-28T09:00"), time(8), AMSTERDAM) == at("2026-03-29T08:00")


def test_five_hundred_random_nights_are_as_a_look_at_the_wall_every_minute_says():
    chance = random.Random(28)
    for _ in range(500):
        zone = ZoneInfo(chance.choice(["Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]))
        begin, end = (time(chance.choice([5, 8, 13, 21, 23]), chance.choice([0, 30])) for _ in range(2))
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(525_600))

        assert awake_at(moment, begin, end, zone) == _by_minutes(moment, begin, end, zone)


def _by_minutes(moment, begin, end, zone):
    def quiet(one):
        wall = one.astimezone(zone).time()
        return begin <= wall < end if begin <= end else wall >= begin or wall < end

    while quiet(moment):
        moment += timedelta(minutes=1)
    return moment
