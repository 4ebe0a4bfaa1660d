"""The model does what is known beforehand, differs between scenarios by nothing else, and writes nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from towerdesk.hours.opening import ALWAYS, Hours
from towerdesk.lib.errors import Invalid
from towerdesk.rehearsal.models import ReplayItem
from towerdesk.rehearsal.simulator import measure
from towerdesk.rehearsal.simulator.arrive import arrivals, rates
from towerdesk.rehearsal.simulator.desk import PAUSE, Arrival, Desk, Person
from towerdesk.rehearsal.simulator.scenario import read_alpha, read_changes, read_levels, staffed
from towerdesk.rehearsal.simulator.trace import Trace, Turn

MONDAY = datetime(2026, 5, 4, tzinfo=UTC)
OFFICE = Hours("UTC", (((540, 1020),),) * 5 + ((), ()))  # 9 to 17, Monday to Friday
ANA, BEN = Person(frozenset({"Repairs"}), 0), Person(frozenset({"Repairs", "Billing"}), 1)


def trace(*turns: Turn, **values) -> Trace:
    told = Trace("1", MONDAY, "returns", "Repairs", "normal", turns, False, 1.0, 60, 600, ReplayItem(key="1"))
    return replace(told, **values)


def arrival(hour: float, of: Trace, right: float = 0.0) -> Arrival:
    return Arrival(hour * 3600, of, of, 0.5, right, 3600.0)


def desk(*people: Person, hours: Hours = ALWAYS, **values) -> Desk:
    return Desk(MONDAY, hours, people, **values)


def test_without_a_queue_a_ticket_takes_what_the_log_says():
    [one] = desk(ANA).run([arrival(1, trace(Turn(0, 30, 10)))])

    assert one.resolved == pytest.approx(3600 + 30 * 60)
    assert one.minutes == 10


def test_people_work_in_office_hours_only():
    [one] = desk(ANA, hours=OFFICE).run([arrival(8, trace(Turn(0, 30, 10)))])

    assert one.resolved == pytest.approx(9.5 * 3600)


def test_who_comes_while_all_are_busy_waits_the_more_urgent_first():
    low, high = trace(Turn(0, 0, 60), priority="low"), trace(Turn(0, 0, 60), priority="high")

    first, second, third = desk(ANA).run([arrival(0, low), arrival(0.1, low), arrival(0.2, high)])

    assert (first.resolved, third.resolved, second.resolved) == pytest.approx((3600, 7200, 10800))


def test_one_more_person_halves_the_wait_and_a_strange_team_is_served_by_anybody():
    alike = [arrival(0, trace(Turn(0, 0, 60), team="Nobody's")) for _ in range(4)]

    alone, both = desk(ANA).run(alike), desk(ANA, BEN).run(alike)

    assert max(one.resolved for one in alone) == pytest.approx(4 * 3600)
    assert max(one.resolved for one in both) == pytest.approx(2 * 3600)


@pytest.mark.parametrize(("verdict", "minutes", "wrong"), [("right", 0, False), ("wrong", 10, True)])
def test_a_lone_answer_settles_it_or_costs_a_wait_more(verdict, minutes, wrong):
    [one] = desk(ANA, alone=frozenset({"1"}), verdicts={"1": verdict}).run([arrival(0, trace(Turn(0, 30, 10)))])

    assert (one.alone, one.wrong, one.minutes, one.answered) == (True, wrong, minutes, PAUSE)
    assert one.resolved == pytest.approx(PAUSE + (3600 + 30 * 60 if wrong else 0))


def test_what_is_held_out_goes_to_people():
    [one] = desk(ANA, alone=frozenset({"1"}), hold_out=0.6).run([arrival(0, trace(Turn(0, 30, 10)))])

    assert not one.alone


def test_a_busy_queue_is_as_long_as_theory_says():
    """M/D/1 at 80 % load: the mean wait is load / (2 (1 - load)) service times (Pollaczek 1930)."""
    dice = np.random.default_rng(3)
    at = np.cumsum(dice.exponential(1.0, 3000))
    outcomes = desk(ANA).run([arrival(float(hour), trace(Turn(0, 0, 48))) for hour in at])

    waits = [one.resolved - one.arrival.at - 48 * 60 for one in outcomes]
    assert np.mean(waits) / (48 * 60) == pytest.approx(2.0, rel=0.25)


def test_arrivals_follow_the_hour_of_the_week_and_the_same_seed_gives_the_same():
    told = [trace(Turn(0, 30, 10), opened_at=MONDAY + timedelta(days=day, hours=10)) for day in range(28)]
    rate = rates([one.opened_at for one in told] * 9, "UTC")

    first = arrivals(rate, MONDAY, 4, "UTC", told, np.random.default_rng(1))
    again = arrivals(rate, MONDAY, 4, "UTC", told, np.random.default_rng(1))

    assert [one.at for one in first] == [one.at for one in again]
    assert {int(one.at // 3600) % 24 for one in first} == {10}
    assert len(first) == pytest.approx(9 * 28, rel=0.2)


def test_intervals_hold_the_mean_and_differences_are_paired():
    base, other = [{"x": 10.0}, {"x": 20.0}, {"x": 30.0}], [{"x": 9.0}, {"x": 18.0}, {"x": 27.0}]

    told = measure.compare(base, other, "x")

    assert told["share"]["mean"] == pytest.approx(-0.1)
    assert told["share"]["high"] - told["share"]["low"] < 1e-9
    assert measure.interval([float("nan")])["mean"] is None


def test_staff_changes_are_said_in_words_and_checked():
    assert read_changes(["Billing=-1", "Repairs+2"]) == {"Billing": -1, "Repairs": 2}
    assert len(staffed([ANA, BEN], {"Repairs": -1}, {"Repairs", "Billing"})) == 1
    with pytest.raises(Invalid, match="no team"):
        staffed([ANA], {"Sales": 1}, {"Repairs"})
    with pytest.raises(Invalid, match="not so many"):
        staffed([ANA], {"Repairs": -2}, {"Repairs"})
    for wrong, read in (("x", read_changes), ("information=7", read_alpha), ("a=b", read_levels)):
        with pytest.raises(Invalid):
            read([wrong])
