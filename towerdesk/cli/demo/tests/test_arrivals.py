"""When the mail comes in."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

from towerdesk.cli.demo.arrivals import arrivals

UTRECHT = ZoneInfo("Europe/Amsterdam")
TUESDAY = date(2026, 11, 24)


def test_two_thousand_requests_in_ninety_days_in_order():
    times = arrivals(until=TUESDAY)
    assert len(times) == 2000
    assert times == sorted(times)
    days = {arrival.at.astimezone(UTRECHT).date() for arrival in times}
    assert min(days) >= date(2026, 8, 26)
    assert max(days) < TUESDAY


def test_the_same_seed_gives_the_same_times():
    assert arrivals(30, 200, 5, until=TUESDAY) == arrivals(30, 200, 5, until=TUESDAY)
    assert arrivals(30, 200, 5, until=TUESDAY) != arrivals(30, 200, 6, until=TUESDAY)


def test_people_write_on_working_days_and_in_the_morning():
    local = [arrival.at.astimezone(UTRECHT) for arrival in arrivals(until=TUESDAY)]
    weekdays = Counter(at.weekday() for at in local)
    hours = Counter(at.hour for at in local)
    assert min(weekdays[day] for day in range(5)) > 2 * max(weekdays[5], weekdays[6])
    assert sum(hours[hour] for hour in range(8, 18)) > 0.7 * len(local)


def test_one_day_brings_far_more_than_any_other_and_knows_why():
    times = arrivals(until=TUESDAY)
    days = Counter(arrival.at.astimezone(UTRECHT).date() for arrival in times)
    [(worst, most), (_, second)] = days.most_common(2)
    assert most > 1.5 * second
    assert {arrival.at.astimezone(UTRECHT).date() for arrival in times if arrival.incident} == {worst}
    assert worst.isoweekday() == 2


def test_the_second_half_is_busier_than_the_first():
    usual = [arrival for arrival in arrivals(90, 6000, until=TUESDAY) if not arrival.incident]
    middle = date(2026, 10, 10)
    late = sum(arrival.at.astimezone(UTRECHT).date() >= middle for arrival in usual)
    assert late > 1.05 * (len(usual) - late)


def test_a_short_time_has_a_bad_day_as_well():
    assert sum(arrival.incident for arrival in arrivals(1, 100, until=TUESDAY)) == 4
