"""Business time: by hand for the cases people argue about, and by ten thousand dice against a minute-by-minute reference."""

import random
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from towerdesk.hours import reckon
from towerdesk.hours.opening import ALWAYS, Hours
from towerdesk.hours.tests import wall
from towerdesk.lib.errors import Invalid

DAY = ((540, 720), (780, 1020))  # 9 to 12, 13 to 17
OFFICE = Hours("Europe/Amsterdam", (DAY, DAY, DAY, DAY, DAY, (), ()), country="NL")
NIGHT = Hours("Europe/Amsterdam", (((60, 240),),) * 7)  # 1 to 4, every night
HOUR = timedelta(hours=1)

CALENDARS, EACH = 500, 20  # 10,000 cases


def local(text, zone="Europe/Amsterdam"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("begin", "hours", "end"),
    [
        ("2026-11-27T16:00", 1, "2026-11-27T17:00"),  # just before closing, not at the next opening
        ("2026-11-27T16:00", 2, "2026-11-30T10:00"),  # over a weekend
        ("2026-11-28T12:00", 1, "2026-11-30T10:00"),  # asked on a Saturday
        ("2026-11-27T11:30", 1, "2026-11-27T13:30"),  # over lunch
        ("2026-04-24T16:00", 2, "2026-04-28T10:00"),  # over King's Day, a Monday
        ("2026-03-27T16:00", 8, "2026-03-30T17:00"),  # the clocks went forward in between
    ],
)
def test_hours_of_the_office(begin, hours, end):
    assert reckon.add(OFFICE, local(begin), hours * HOUR) == local(end)
    assert reckon.between(OFFICE, local(begin), local(end)) == hours * HOUR


def test_a_night_in_spring_is_an_hour_shorter():
    assert reckon.between(NIGHT, local("2026-03-29T00:00"), local("2026-03-29T12:00")) == 2 * HOUR


def test_a_night_in_autumn_is_an_hour_longer():
    assert reckon.between(NIGHT, local("2026-10-25T00:00"), local("2026-10-25T12:00")) == 4 * HOUR


def test_a_wall_time_that_comes_twice_is_open_twice():
    """2:00 to 2:30 in the night of the change: half an hour, half an hour closed, half an hour again."""
    hours = Hours("Europe/Amsterdam", (((120, 150),),) * 7)
    first = local("2026-10-25T02:00")

    assert reckon.next_close(hours, first) == first.astimezone(UTC) + HOUR / 2
    assert reckon.next_open(hours, first + HOUR * 0.75) == first.astimezone(UTC) + HOUR


def test_what_opens_and_closes_next():
    assert reckon.next_open(OFFICE, local("2026-11-28T12:00")) == local("2026-11-30T09:00")
    assert reckon.next_open(OFFICE, local("2026-11-27T10:00")) == local("2026-11-27T10:00")
    assert reckon.next_close(OFFICE, local("2026-11-27T10:00")) == local("2026-11-27T12:00")
    assert reckon.next_close(ALWAYS, local("2026-11-27T10:00")) is None


def test_an_own_day_outranks_a_holiday():
    """The office opens on King's Day for once, in the morning."""
    days = ((date(2026, 4, 27), ((540, 720),)),)
    hours = Hours(OFFICE.zone, OFFICE.week, "NL", "", days)

    assert reckon.between(hours, local("2026-04-27T00:00"), local("2026-04-28T00:00")) == 3 * HOUR


def test_a_pause_without_an_end_keeps_it_from_coming():
    asked = local("2026-11-27T09:00")
    pauses = [(asked + HOUR, None, "waiting on the customer")]

    assert reckon.due(OFFICE, asked, 2 * HOUR, pauses) is None
    assert reckon.due(OFFICE, asked, HOUR / 2, pauses) == asked + HOUR / 2
    assert reckon.used(OFFICE, asked, asked + 7 * HOUR, pauses) == HOUR


def test_a_pause_in_the_very_moment_in_which_it_is_due_comes_first():
    asked = local("2026-11-27T09:00")
    still = [(asked + HOUR, None, "waiting on the customer")]
    ended = [(asked + HOUR, asked + 2 * HOUR, "waiting on the customer")]
    after_work = [(local("2026-11-27T19:00"), None, "waiting on the customer")]

    assert reckon.due(OFFICE, asked, HOUR, still) is None
    assert reckon.due(OFFICE, asked, HOUR, ended) == asked + 2 * HOUR
    whole_day = reckon.between(OFFICE, asked, local("2026-11-27T19:00"))
    assert reckon.due(OFFICE, asked, whole_day, after_work) == reckon.add(OFFICE, asked, whole_day)


def test_every_second_is_attributed():
    asked, now = local("2026-11-27T11:00"), local("2026-11-30T09:30")
    pauses = [(local("2026-11-27T14:00"), local("2026-11-27T15:00"), "waiting on the customer")]

    pieces = reckon.account(OFFICE, asked, now, pauses)

    assert [piece.kind for piece in pieces] == [
        "running", "outside", "running", "paused", "running", "outside", "running",
    ]  # fmt: skip
    assert sum((piece.length for piece in pieces), timedelta(0)) == now - asked
    running = sum((piece.length for piece in pieces if piece.kind == "running"), timedelta(0))
    assert running == reckon.used(OFFICE, asked, now, pauses)


def test_a_calendar_that_never_opens_says_so():
    with pytest.raises(Invalid, match="give it opening hours"):
        reckon.add(Hours("UTC", ((),) * 7), local("2026-11-27T11:00"), HOUR)


def test_twenty_years_are_quick():
    """Measured for docs/reference/sla.md; here only that it is no matter of seconds."""
    hours = Hours("America/Chicago", OFFICE.week)
    before = time.process_time()
    reckon.between(hours, local("2010-01-05T00:00"), local("2030-01-05T00:00"))

    assert time.process_time() - before < 1


def test_ten_thousand_random_cases_equal_the_reference():
    seed = random.randrange(2**32)
    dice = random.Random(seed)
    for _ in range(CALENDARS):
        zone = dice.choice(list(wall.WINDOWS))
        week, own = [some_day(dice) for _ in range(7)], some_own_days(dice, zone)
        hours = Hours(zone, tuple(week), days=tuple(own.items()))
        minutes = wall.opened(zone, week, own)
        for _ in range(EACH):
            told = case(dice, zone, hours, minutes)
            assert told is None, f"seed {seed}: {zone} {week} {own} {told}"


def case(dice, zone, hours, minutes):
    """Compare one start, length and set of pauses; returns what differs."""
    last = len(minutes)
    start = dice.randrange(last - 1440)
    pauses = some_pauses(dice, start, last)
    counts = wall.running(minutes, start, pauses)
    length, until = dice.choice([0, 1, dice.randrange(600), dice.randrange(6000)]), dice.randrange(start, last)

    def at(minute):
        return None if minute is None else first + timedelta(minutes=minute)

    first = datetime.combine(wall.WINDOWS[zone], datetime.min.time(), tzinfo=UTC)
    stops = [(at(begin), at(end), "") for begin, end in pauses]
    found, reached = due(hours, at(start), length, stops), wall.reached(counts, length, start, pauses)
    if reached is None and found is not None and found <= at(last):
        return start, length, pauses, found, "not reached in the window"
    if reached is not None and found != at(start + reached):
        return start, length, pauses, found, at(start + reached)
    spent = reckon.used(hours, at(start), at(until), stops) / timedelta(minutes=1)
    if spent != counts[: until - start].sum():
        return start, until, pauses, spent, counts[: until - start].sum()
    return None


def due(hours, begin, length, pauses):
    try:
        return reckon.due(hours, begin, timedelta(minutes=length), pauses)
    except Invalid:
        return None  # never opens


def some_day(dice):
    """Up to three intervals apart from each other; often none, now and then all day."""
    if dice.random() < 0.2:
        return ()
    if dice.random() < 0.1:
        return ((0, 1440),)
    cuts = sorted(dice.sample(range(0, 1441, dice.choice([1, 15, 30])), 2 * dice.randint(1, 3)))
    return tuple(zip(cuts[::2], cuts[1::2], strict=True))


def some_own_days(dice, zone):
    some = dice.sample(range(wall.DAYS), dice.randint(0, 4))
    return {wall.WINDOWS[zone] + timedelta(days=day): some_day(dice) for day in some}


def some_pauses(dice, start, last):
    cuts = sorted(dice.sample(range(start, last), 2 * dice.randint(0, 4)))
    pauses = [list(pair) for pair in zip(cuts[::2], cuts[1::2], strict=True)]
    if pauses and dice.random() < 0.2:
        pauses[-1][1] = None
    return pauses
