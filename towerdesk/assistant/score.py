"""One calibrated score for a proposal, from its parts: fitted on grades when there are enough, else a stated prior.

The fit is a logistic regression (L2, toward stated weights) of "was it right" on the parts, so the score reads as the
probability that a person would send the reply as it stands. It is certified elsewhere, on grades it was not fitted on.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Frame:
    """What decisions of one kind are weighed by: its parts with the weights of before there were grades.

    `unsaid`: what a part counts as where it is missing; the others as 0. `source` is the part that says how what the
    decision rests on did before: an article, or the version of a procedure.
    """

    prior: Mapping[str, float]
    base: float
    unsaid: Mapping[str, float]
    source: str

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.prior)

    def row(self, values: Mapping[str, float]) -> list[float]:
        return [float(values.get(part, self.unsaid.get(part, 0.0))) for part in self.prior]


ANSWER = Frame(
    {
        "intent": 1.5, "scope": 0.8, "match": 2.6, "lead": 1.0, "closeness": 2.2, "support": 1.0, "checks": 1.5,
        "complete": 1.0, "calm": 0.5, "like": 2.0, "article": 1.5, "familiar": 1.0,
    },
    base=-10.9,
    unsaid={"support": 1.0, "complete": 1.0, "familiar": 0.5},
    source="article",
)  # fmt: skip
"""Probability of the intent, of being in scope at all; how well the best article matches, its lead over the next, how close
its sentences are to the question; how far the weakest sentence rests on its source; checks that held; that all of the reply is
there (1); the writer's calm; how like questions and this article were graded; how near the nearest question is that was ever
graded (novelty, the other way round)."""
ACTION = Frame(
    {
        "intent": 2.5, "scope": 1.0, "complete": 2.0, "vouched": 2.0, "calm": 0.5, "like": 2.0, "version": 1.5,
        "familiar": 1.0,
    },
    base=-7.75,
    unsaid={
        "scope": 1.0, "complete": 1.0, "vouched": 1.0, "calm": 1.0, "like": 0.5, "version": 0.5, "familiar": 0.5,
    },
    source="version",
)  # fmt: skip
"""The same of what a procedure does. `complete` is the share of what it needs that is known, `vouched` how far its least
certain value can be relied on, `version` how this version's outcomes were graded."""
PARTS, UNSAID = ANSWER.parts, ANSWER.unsaid
FEWEST = 60
RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class Scorer:
    """`weights` has one entry for each part of its frame."""

    base: float
    weights: tuple[float, ...]
    is_fitted: bool
    frame: Frame = ANSWER

    @classmethod
    def prior(cls, frame: Frame = ANSWER) -> "Scorer":
        return cls(frame.base, tuple(frame.prior.values()), False, frame)

    @classmethod
    def fit(cls, rows: Sequence[tuple[Mapping[str, float], bool]], frame: Frame = ANSWER) -> "Scorer":
        """The prior when there are fewer than 60 grades or all are alike. `rows`: the parts, and whether it was right.

        The regression is drawn toward the prior's weights, not toward zero: few grades change little.
        """
        right = np.array([ok for _, ok in rows], float)
        if len(rows) < FEWEST or right.min() == right.max():
            return cls.prior(frame)
        parts = np.array([frame.row(values) for values, _ in rows])
        start = np.array([frame.base, *frame.prior.values()])
        weights = _fitted(np.column_stack([np.ones(len(rows)), parts]), right, start)
        return cls(float(weights[0]), tuple(float(weight) for weight in weights[1:]), True, frame)

    def score(self, parts: Mapping[str, float]) -> float:
        """0 to 1; a part that is missing counts as the frame says."""
        value = self.base + float(np.dot(self.weights, self.frame.row(parts)))
        return float(1.0 / (1.0 + np.exp(-np.clip(value, -30, 30))))

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.dumps().encode()).hexdigest()[:16]

    def dumps(self) -> str:
        return json.dumps(
            {"parts": self.frame.parts, "base": self.base, "weights": self.weights, "fitted": self.is_fitted}
        )

    @classmethod
    def loads(cls, content: str, frame: Frame = ANSWER) -> "Scorer":
        """The prior where it was fitted on other parts."""
        kept = json.loads(content)
        if tuple(kept["parts"]) != frame.parts:
            return cls.prior(frame)
        return cls(kept["base"], tuple(kept["weights"]), kept["fitted"], frame)


def _fitted(
    rows: "np.ndarray[tuple[int, int], np.dtype[np.float64]]",
    right: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    start: "np.ndarray[tuple[int], np.dtype[np.float64]]",
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Least log loss plus half the squared distance from `start`; the first column, the base, is almost free."""
    from scipy.optimize import minimize

    pull = np.full(rows.shape[1], RIDGE)
    pull[0] = 1e-3

    def loss(weights: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> tuple[float, object]:
        value = rows @ weights
        off = weights - start
        total = float(np.logaddexp(0, value).sum() - right @ value + off @ (pull * off) / 2)
        chance = 1.0 / (1.0 + np.exp(-np.clip(value, -30, 30)))
        return total, rows.T @ (chance - right) + pull * off

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x)
