"""What licences promise, tried on thousands of invented desks: false ones are as rare as said, and a rise is found soon.

Everything is seeded and vectorised; the methods themselves are asked, in the form that takes many histories at once.
"""

import math

import numpy as np
import pytest
from scipy.special import betaincinv

from towerdesk.assistant import alarm, betting, binomial
from towerdesk.assistant.evidence import Piece
from towerdesk.assistant.pools import FOR_THE_BOUND, worse
from towerdesk.assistant.prove import FEWEST, STEPS

DESKS, GRADES = 2000, 600
DELTA = 0.05


def at_the_edge(scores, alpha):
    """A hair over alpha wherever one looks: every licence would be false."""
    return np.full_like(scores, alpha * 1.005)


def rising(scores, alpha):
    """Good at the top, poor at the bottom: over alpha below a score of 0.4 and up."""
    return alpha * (1 - scores) / 0.3


def true_rate(world, threshold, alpha):
    """The mean of `world` between the threshold and 1."""
    return alpha * 1.005 if world is at_the_edge else alpha * (1 - threshold) / 0.6


def desks(world, alpha, seed, grades=GRADES):
    dice = np.random.default_rng(seed)
    scores = dice.random((DESKS, grades))
    return scores, dice.random((DESKS, grades)) < world(scores, alpha)


def thresholds_of(scores):
    """As a proving fixes them: from the first scores, which count as evidence too."""
    places = [math.ceil(FEWEST * step / STEPS) - 1 for step in range(1, STEPS + 1)]
    return -np.sort(-scores[:, :FEWEST], axis=1)[:, places]


def counts_above(scores, wrong, threshold):
    reached = scores >= threshold[:, None]
    return np.cumsum(reached, axis=1), np.cumsum(wrong & reached, axis=1)


def bet(scores, wrong, alpha, delta=DELTA):
    """The lowest threshold that was ever certified on each desk, looked at after every grade; NaN: none."""
    most = int(wrong.sum(axis=1).max()) + 1
    table = betting.log_e_below(np.arange(most)[:, None], np.arange(wrong.shape[1] + 1)[None], alpha)
    parts = betting.start_parts(STEPS, delta)
    carried, lowest = np.zeros(len(scores)), np.full(len(scores), np.nan)
    for at, threshold in enumerate(thresholds_of(scores).T):
        n, errors = counts_above(scores, wrong, threshold)
        level = carried + parts[at]
        with np.errstate(divide="ignore"):
            passed = table[errors, n].max(axis=1) >= -np.log(level)
        lowest[passed] = threshold[passed]
        carried = np.where(passed, level, 0.0)
    return lowest


def exactly(scores, wrong, alpha):
    """One look at all grades, strict to lenient, up to the first that fails (`binomial.certify`)."""
    lowest, walks = np.full(len(scores), np.nan), np.ones(len(scores), bool)
    for threshold in thresholds_of(scores).T:
        n, errors = (count[:, -1] for count in counts_above(scores, wrong, threshold))
        bound = np.where(errors < n, betaincinv(errors + 1, np.maximum(n - errors, 1), 1 - DELTA), 1.0)
        tested = n >= binomial.needed(0, alpha, DELTA)
        walks &= ~tested | (bound <= alpha)
        passed = tested & walks
        lowest[passed] = threshold[passed]
    return lowest


def looked_good(scores, wrong, alpha):
    """What people do: the lowest threshold at which no more than alpha were wrong so far."""
    lowest = np.full(len(scores), np.nan)
    for threshold in thresholds_of(scores).T:
        n, errors = (count[:, -1] for count in counts_above(scores, wrong, threshold))
        passed = (n > 0) & (errors <= alpha * n)
        lowest[passed] = threshold[passed]
    return lowest


def share_false(world, lowest, alpha):
    return float(np.mean([not np.isnan(one) and true_rate(world, one, alpha) > alpha for one in lowest]))


@pytest.mark.parametrize("alpha", [0.05, 0.02])
@pytest.mark.parametrize("world", [at_the_edge, rising])
@pytest.mark.parametrize("method", [bet, exactly])
def test_false_licences_are_as_rare_as_promised(method, world, alpha):
    scores, wrong = desks(world, alpha, seed=7)

    assert share_false(world, method(scores, wrong, alpha), alpha) <= DELTA


@pytest.mark.parametrize("world", [at_the_edge, rising])
def test_a_threshold_that_looked_good_is_false_often(world):
    scores, wrong = desks(world, 0.05, seed=7)

    assert share_false(world, looked_good(scores, wrong, 0.05), 0.05) > 0.3


def test_looking_at_an_exact_bound_after_every_grade_breaks_it_and_betting_does_not():
    _, wrong = desks(at_the_edge, 0.05, seed=5)
    n, errors = np.arange(1, GRADES + 1), np.cumsum(wrong, axis=1)
    counts = np.arange(errors.max() + 1)[:, None]
    exact = (betaincinv(counts + 1, np.maximum(n - counts, 1), 1 - DELTA) <= 0.05)[errors, n - 1]
    bets = (betting.log_e_below(counts, n, 0.05) >= -np.log(DELTA))[errors, n - 1]

    assert exact.any(axis=1).mean() > 2 * DELTA
    assert bets.any(axis=1).mean() <= DELTA


def test_good_desks_do_get_their_licence():
    scores, wrong = desks(lambda scores, alpha: np.full_like(scores, alpha / 5), 0.05, seed=9)

    assert np.mean(~np.isnan(bet(scores, wrong, 0.05))) > 0.95


def test_many_histories_at_once_are_judged_as_one_by_one():
    scores, wrong = desks(rising, 0.05, seed=3, grades=300)
    many = bet(scores, wrong, 0.05)
    for desk in range(12):
        grades = list(zip(scores[desk], ~wrong[desk], strict=True))
        found = betting.certify(grades, list(thresholds_of(scores[desk : desk + 1])[0]), 0.05, DELTA)
        assert (found.threshold if found else None) == (None if np.isnan(many[desk]) else many[desk])


MIX = np.array([0.4, 0.3, 0.2, 0.1])


@pytest.mark.parametrize(
    "rates",
    [
        (0.0502, 0.0502, 0.0502, 0.0502),  # all of them at the edge
        (0.03, 0.05, 0.05, 0.14),  # one that is worse, and the pool over the limit with it
        (0.02, 0.02, 0.02, 0.4),  # one that will be left out
    ],
)
def test_what_a_pool_lets_out_is_over_the_limit_as_rarely_as_promised(rates):
    """Whoever was left out is no longer let out; the others must be within the limit together."""
    dice, alpha, false, most = np.random.default_rng(17), 0.05, 0, GRADES
    table = betting.log_e_below(np.arange(most + 1)[:, None], np.arange(most + 1)[None], alpha)
    members, risks = dice.choice(4, (DESKS, most), p=MIX), np.array(rates)
    wrong = dice.random((DESKS, most)) < risks[members]
    passed = table[np.cumsum(wrong, axis=1), np.arange(1, most + 1)].max(axis=1) >= -math.log(FOR_THE_BOUND * DELTA)
    for desk in np.flatnonzero(passed):
        left = left_out(members[desk], wrong[desk], alpha)
        stays = np.array([one not in left for one in range(4)])
        false += bool((MIX * risks * stays).sum() > alpha * (MIX * stays).sum())

    assert false / DESKS <= DELTA


def left_out(members, wrong, alpha):
    pieces = [Piece(0, int(one), 0.9, not bad, None) for one, bad in zip(members, wrong, strict=True)]
    return worse(pieces, 0.5, [0, 1, 2, 3], alpha, DELTA)


def first(crossed):
    return np.where(crossed.any(axis=1), crossed.argmax(axis=1) + 1, crossed.shape[1] + 1)


@pytest.mark.parametrize("before", [0, 100])
def test_a_jump_from_2_to_6_percent_suspends_within_110_audits(before):
    dice = np.random.default_rng(23)
    wrong = np.hstack([dice.random((DESKS, before)) < 0.02, dice.random((DESKS, 500)) < 0.06])
    crossed = alarm.sums(wrong, 0.02) >= math.log(alarm.ALARM)
    still = ~crossed[:, :before].any(axis=1)

    assert np.median(first(crossed[still][:, before:])) <= 110


@pytest.mark.parametrize(("rate", "share"), [(0.02, 0.08), (0.01, 0.02)])
def test_a_licence_that_keeps_its_promise_is_seldom_suspended(rate, share):
    """Over 200 audits, more than a licence's life sees, by either test."""
    dice = np.random.default_rng(29)
    wrong = dice.random((DESKS, 200)) < rate
    alarmed = (alarm.sums(wrong, 0.02) >= math.log(alarm.ALARM)).any(axis=1)
    table = betting.log_e_above(np.arange(40)[:, None], np.arange(201)[None], 0.02) >= -math.log(DELTA)
    proven = table[np.cumsum(wrong, axis=1), np.arange(1, 201)].any(axis=1)

    assert proven.mean() <= DELTA
    assert (alarmed | proven).mean() <= share
