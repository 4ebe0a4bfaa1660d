"""The score weighs a proposal; it learns from grades, gently."""

import random

import numpy as np

from towerdesk.assistant.memory import Lesson, Memory
from towerdesk.assistant.score import FEWEST, PARTS, UNSAID, Scorer

GOOD = dict.fromkeys(PARTS, 0.95)
POOR = dict.fromkeys(PARTS, 0.3)


def graded(n: int, seed: int = 1) -> list[tuple[dict[str, float], bool]]:
    """Grades of a world in which only `match` says whether a reply is right."""
    chance = random.Random(seed)
    rows = []
    for _ in range(n):
        parts = {part: chance.random() for part in PARTS}
        rows.append((parts, chance.random() < parts["match"]))
    return rows


def test_without_grades_a_stated_prior_speaks():
    scorer = Scorer.fit(graded(FEWEST - 1))

    assert not scorer.is_fitted
    assert scorer.score(GOOD) > 0.8 > 0.2 > scorer.score(POOR)


def test_grades_teach_it_what_counts():
    scorer = Scorer.fit(graded(800))

    weight = dict(zip(PARTS, scorer.weights, strict=True))
    assert scorer.is_fitted
    assert weight["match"] == max(scorer.weights)


def test_its_scores_read_as_probabilities():
    scorer = Scorer.fit(graded(2000))
    fresh = graded(2000, seed=2)

    high = [ok for parts, ok in fresh if scorer.score(parts) >= 0.7]
    told = [scorer.score(parts) for parts, _ in fresh if scorer.score(parts) >= 0.7]

    assert abs(sum(high) / len(high) - sum(told) / len(told)) < 0.08


def test_what_older_decisions_did_not_say_counts_as_neither_good_nor_bad():
    older = {part: value for part, value in GOOD.items() if part not in UNSAID}
    scorer = Scorer.prior()

    assert scorer.score(older) == scorer.score(older | UNSAID)
    assert scorer.score(GOOD | {"complete": 0.4}) < scorer.score(GOOD)


def test_a_question_unlike_any_that_was_graded_is_not_familiar():
    east, north = np.eye(2, dtype=np.float32)
    known = Memory.of([Lesson(east, "returns", 7, True)])

    assert (known.familiar(east), known.familiar(north), Memory.empty().familiar(east)) == (1.0, 0.0, 0.5)


def test_grades_that_are_all_alike_teach_nothing():
    assert not Scorer.fit([(GOOD, True)] * 200).is_fitted


def test_it_comes_back_from_storage_the_same():
    scorer = Scorer.fit(graded(300))

    assert Scorer.loads(scorer.dumps()) == scorer
    assert Scorer.loads(scorer.dumps()).fingerprint == scorer.fingerprint
