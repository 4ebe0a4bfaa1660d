import math

import pytest

from towerdesk.assistant.alarm import listen
from towerdesk.assistant.betting import bound, certify, log_e_above, log_e_below, needed, start_parts, walk


@pytest.mark.parametrize(("errors", "grades"), [(0, 188), (1, 330), (2, 440), (3, 538)])
def test_looking_all_the_time_costs_some_grades_more(errors, grades):
    assert needed(errors, 0.02, 0.05) == grades
    assert bound(errors, grades, 0.05) <= 0.02 < bound(errors, grades - 1, 0.05)


@pytest.mark.parametrize(("errors", "n"), [(0, 40), (2, 60), (9, 60)])
def test_the_evidence_is_the_mixture_that_it_is_said_to_be(errors, n):
    from scipy.integrate import quad  # a second to load, for every test process that collects this file
    from scipy.stats import beta

    def ratio(q):
        return (q / 0.05) ** errors * ((1 - q) / 0.95) ** (n - errors)

    weights = beta(0.5, 0.5)
    below = quad(lambda q: ratio(q) * weights.pdf(q), 0, 0.05)[0] / weights.cdf(0.05)
    above = quad(lambda q: ratio(q) * weights.pdf(q), 0.05, 1)[0] / weights.sf(0.05)
    assert math.exp(log_e_below(errors, n, 0.05)) == pytest.approx(below, rel=1e-4)
    assert math.exp(log_e_above(errors, n, 0.05)) == pytest.approx(above, rel=1e-4)


def test_a_bet_is_fair_at_the_limit():
    """At an error rate of exactly alpha the stake stays what it is, on average; over it, it shrinks."""
    for errors, n in ((0, 3), (2, 30), (5, 80)):
        now, right, wrong = (
            math.exp(log_e_below(k, m, 0.05)) for k, m in ((errors, n), (errors, n + 1), (errors + 1, n + 1))
        )
        assert 0.05 * wrong + 0.95 * right == pytest.approx(now)
        assert 0.08 * wrong + 0.92 * right < now


def test_nothing_is_known_of_nothing():
    assert bound(0, 0, 0.05) == 1.0
    assert certify([], [0.5], 0.05, 0.05) is None
    assert walk([], [], 0.05, 0.05).thresholds == ()


def test_what_has_passed_once_stays_passed():
    """Later errors are the audits' affair: a licence that comes and goes with each grade would be none."""
    grades = [(0.9, True)] * 98
    assert certify(grades, [0.5], 0.05, 0.05).n == 98
    assert certify([*grades, (0.9, False)], [0.5], 0.05, 0.05).errors == 1


def test_each_start_has_its_part_and_hands_it_on():
    assert start_parts(10, 0.08) == pytest.approx([0.02, 0, 0.02, 0, 0, 0.02, 0, 0, 0, 0.02])
    assert start_parts(1, 0.05) == [0.05]

    seen = walk([(0.9, True)] * 400 + [(0.1, False)] * 40, [0.9, 0.5, 0.1], 0.05, 0.06)
    assert seen.levels == pytest.approx((0.02, 0.04, 0.06))
    assert seen.passed == (True, True, False)


def test_an_intent_that_is_good_all_over_need_not_wait_for_its_best_scores():
    grades = [(0.95, True)] * 10 + [(0.3, True)] * 120
    assert certify(grades, [0.95, 0.6, 0.3], 0.05, 0.05).threshold == 0.3


def test_a_poor_start_does_not_spoil_a_strict_one():
    grades = [(0.9, True)] * 150 + [(0.2, False)] * 60
    assert certify(grades, [0.9, 0.5, 0.2], 0.05, 0.05).threshold == 0.5


def test_audits_speak_in_a_sentence():
    assert listen([], 0.02, 0.05).why == ""
    assert listen([False] * 300, 0.02, 0.05).why == ""
    heard = listen([True, False, True, True], 0.02, 0.05)
    assert heard.why == "3 of 4 audited were wrong: the betting test crossed 1 in 20"


def test_good_months_do_not_pay_for_a_bad_one():
    heard = listen([False] * 600 + [True] * 6, 0.02, 0.05)
    assert "many of them lately" in heard.why
