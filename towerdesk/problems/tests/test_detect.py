"""Two months of ordinary traffic with its swings raise no alarm; a trouble in the middle of it does. Arrays only, seeded."""

import numpy as np
import pytest

from towerdesk.problems.surges.detect import Seen, detect, lately_of
from towerdesk.problems.surges.like import middle
from towerdesk.problems.surges.scan import LEARNS, LONGEST
from towerdesk.problems.surges.usual import DAY, HOUR, Usual, unevenness

HOURS = np.array([0, 0, 0, 0, 0, 1, 2, 5, 10, 14, 15, 13, 10, 11, 12, 11, 9, 7, 5, 5, 5, 4, 2, 1], float)
DAYS = np.array([1.25, 1.1, 1.0, 1.0, 0.9, 0.35, 0.3])
MONDAY = 2900 * 7 * DAY + 4 * DAY
TOPICS, SIZE = 20, 48


def traffic(daily=40, weeks=9, seed=1):
    chance = np.random.default_rng(seed)
    shape = (DAYS[:, None] * HOURS).ravel()
    counted = chance.poisson(np.tile(shape / shape.mean() * daily / 24, weeks))
    at = np.sort(np.repeat(np.arange(len(counted)) * HOUR, counted) + chance.uniform(0, HOUR, counted.sum())) + MONDAY
    return seen(at, chance.integers(0, TOPICS, len(at)), chance)


def seen(at, topics, chance):
    vectors = chance.normal(size=(len(at), SIZE)) * 0.9 / np.sqrt(SIZE)
    vectors[np.arange(len(at)), topics] += 1.0
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    intents = np.where(chance.random(len(at)) < 0.2, 0, topics + 1)
    return Seen(at, vectors.astype(np.float32), intents, chance.integers(0, 10**6, len(at)))


def together(one, other):
    order = np.argsort(np.concatenate([one.at, other.at]), kind="stable")
    return Seen(*(np.concatenate(pair)[order] for pair in zip(*(_columns(each) for each in (one, other)), strict=True)))


def _columns(each):
    return each.at, each.vectors, each.intents, each.people


def alarms(record, begin):
    for place in range(int(np.searchsorted(record.at, begin)), len(record)):
        at = float(record.at[place])
        alarm = detect(lately_of(record, place), lambda at=at: past(record, at))
        if alarm:
            yield place, alarm


def past(record, at):
    rows = slice(*np.searchsorted(record.at, [at - LONGEST - LEARNS, at - LONGEST]).tolist())
    before = Seen(*(column[rows] for column in _columns(record)))
    return before, Usual.of(before.at, max(at - LONGEST - LEARNS, record.at[0]), at - LONGEST)


def test_ordinary_swings_raise_no_alarm():
    record = traffic()

    assert list(alarms(record, record.at[0] + LEARNS)) == []


@pytest.mark.parametrize("hour", [10, 3])
def test_a_trouble_is_noticed_within_a_few_requests_by_day_and_by_night(hour):
    """Topic 2, thirty an hour, on a Tuesday of the sixth week."""
    ordinary, chance = traffic(), np.random.default_rng(9)
    start = MONDAY + 36 * DAY + hour * HOUR
    trouble = seen(np.sort(start + chance.uniform(0, HOUR, 30)), np.full(30, 2), chance)
    record = together(ordinary, trouble)

    place, alarm = next(alarms(record, start))

    noticed = int(np.sum(trouble.at <= record.at[place]))
    assert noticed <= 10
    assert alarm.found.expected < 1.0


def test_a_busy_monday_morning_is_expected_to_be_one():
    usual = Usual.of(traffic().at, MONDAY, MONDAY + 63 * DAY)

    assert usual.even_hours(MONDAY + 10 * HOUR, MONDAY + 11 * HOUR) > 2.5
    assert usual.even_hours(MONDAY + 3 * HOUR, MONDAY + 4 * HOUR) < 0.4
    assert usual.even_hours(MONDAY, MONDAY + 7 * DAY) == pytest.approx(168, rel=1e-6)


def test_what_comes_in_bunches_is_known_to():
    at = traffic().at
    usual = Usual.of(at, MONDAY, MONDAY + 63 * DAY)
    chance = np.random.default_rng(3)
    single, bunched = np.sort(chance.choice(at, 360)), np.sort(np.repeat(chance.choice(at, 60), 6))

    assert unevenness(bunched, usual) > 2 * unevenness(single, usual)


def test_the_middle_has_the_length_of_one():
    assert np.linalg.norm(middle(traffic(weeks=1).vectors[:5])) == pytest.approx(1.0, rel=1e-5)
