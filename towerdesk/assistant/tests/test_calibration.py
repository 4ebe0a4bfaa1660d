import random

import pytest

from towerdesk.assistant.calibration import FEWEST, calibration


def world(n, rate):
    dice = random.Random(3)
    scores = [dice.random() for _ in range(n)]
    return [(score, dice.random() < rate(score)) for score in scores]


def test_scores_that_mean_what_they_say_lie_within_their_intervals():
    found = calibration(world(4000, lambda score: score))

    assert found.ece < 0.03
    assert 0.8 < found.auroc < 0.87  # 5/6 is what such a world gives
    assert sum(one.low <= one.score <= one.high for one in found.bins) >= 8


def test_a_score_that_is_too_sure_is_found_out():
    found = calibration(world(2000, lambda score: score / 2))

    assert found.ece == pytest.approx(0.25, abs=0.03)
    assert found.bins[-1].high < found.bins[-1].score


def test_too_few_say_nothing_and_all_alike_no_order():
    assert calibration([(0.5, True)] * (FEWEST - 1)) is None
    assert calibration([(0.5, True)] * FEWEST).auroc is None
