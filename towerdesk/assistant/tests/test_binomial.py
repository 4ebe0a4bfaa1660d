import random

import pytest
from scipy.special import betaincinv

from towerdesk.assistant.binomial import certify, coverage, needed, thresholds, upper


@pytest.mark.parametrize(("errors", "grades"), [(0, 149), (1, 236), (2, 313), (3, 386)])
def test_two_percent_at_95_percent_needs_this_many_grades(errors, grades):
    assert needed(errors, 0.02, 0.05) == grades
    assert upper(errors, grades, 0.05) <= 0.02 < upper(errors, grades - 1, 0.05)


@pytest.mark.parametrize(("alpha", "grades"), [(0.05, 59), (0.01, 299)])
def test_other_risks_need_other_numbers(alpha, grades):
    assert needed(0, alpha, 0.05) == grades


@pytest.mark.parametrize("n", [1, 2, 17, 149, 1000, 20_000])
@pytest.mark.parametrize("share", [0, 0.01, 0.3, 0.9, 1])
@pytest.mark.parametrize("delta", [0.05, 0.01])
def test_the_bound_is_the_beta_quantile(n, share, delta):
    errors = int(n * share)
    wanted = 1.0 if errors == n else betaincinv(errors + 1, n - errors, 1 - delta)
    assert upper(errors, n, delta) == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize(("errors", "n", "delta"), [(-1, 5, 0.05), (6, 5, 0.05), (0, 5, 0), (0, 5, 1)])
def test_counts_that_cannot_be_are_refused(errors, n, delta):
    with pytest.raises(ValueError, match="can't be"):
        upper(errors, n, delta)


def test_enough_right_answers_certify_the_lenient_threshold():
    grades = [(0.9, True)] * 149 + [(0.6, True)] * 100
    certificate = certify(grades, [0.9, 0.5], 0.02, 0.05)
    assert (certificate.threshold, certificate.n, certificate.errors) == (0.5, 249, 0)
    assert certificate.bound <= 0.02


def test_errors_below_stop_the_walk_where_it_was_still_safe():
    grades = [(0.9, True)] * 160 + [(0.6, False)] * 10
    assert certify(grades, [0.5, 0.9], 0.02, 0.05).threshold == 0.9


def test_a_threshold_behind_a_failed_one_is_never_reached():
    """0.5 alone would pass; it is not tried, since 0.9 failed before it."""
    grades = [(0.9, index > 0) for index in range(150)] + [(0.6, True)] * 1000
    assert certify(grades, [0.5], 0.02, 0.05).threshold == 0.5
    assert certify(grades, [0.9, 0.5], 0.02, 0.05) is None


def test_a_strict_threshold_with_few_grades_does_not_stop_the_walk():
    grades = [(0.99, True)] * 10 + [(0.8, True)] * 200
    assert certify(grades, [0.99, 0.8], 0.02, 0.05).n == 210


def test_148_right_answers_are_one_too_few():
    assert certify([(0.9, True)] * 148, [0.5], 0.02, 0.05) is None
    assert certify([], [0.5], 0.02, 0.05) is None


def test_false_certificates_are_as_rare_as_promised():
    """2,000 desks whose error rate rises as scores fall; false is a certificate whose true rate is over alpha."""
    dice, alpha, delta = random.Random(7), 0.05, 0.05
    fixed = [0.9 - 0.05 * step for step in range(16)]
    false = made = 0
    for _ in range(2000):
        scores = [dice.random() for _ in range(400)]
        grades = [(score, dice.random() >= rate_at(score)) for score in scores]
        certificate = certify(grades, fixed, alpha, delta)
        made += certificate is not None
        false += certificate is not None and rate_above(certificate.threshold) > alpha
    assert made > 500
    assert false / 2000 <= delta + 0.01


def rate_at(score):
    return 0.14 * (1 - score)


def rate_above(threshold):
    """The mean of `rate_at` between the threshold and 1."""
    return 0.07 * (1 - threshold)


def test_certificates_at_the_edge_are_false_at_most_delta_of_the_time():
    """The worst case: the true rate is a hair over alpha everywhere, so that every certificate is false."""
    dice, runs = random.Random(11), 3000
    false = 0
    for _ in range(runs):
        grades = [(dice.random(), dice.random() >= 0.0201) for _ in range(400)]
        false += certify(grades, [0.5, 0.4, 0.3, 0.2, 0.1, 0.0], 0.02, 0.05) is not None
    assert 0.005 < false / runs <= 0.05 + 0.01


def test_thresholds_come_from_traffic_strict_first():
    scores = [number / 100 for number in range(100)]
    assert thresholds(scores, steps=4) == [0.75, 0.5, 0.25, 0.0]
    assert thresholds([0.5] * 10) == [0.5]
    assert thresholds([]) == []


def test_coverage_is_the_share_of_traffic_at_or_above():
    assert coverage([0.1, 0.5, 0.9, 0.9], 0.5) == 0.75
    assert coverage([], 0.5) == 0.0
