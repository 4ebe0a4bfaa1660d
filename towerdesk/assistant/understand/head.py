"""Three ways to guess an intent from a text, and their vote. Plain numpy: no training library is needed to read.

Logistic regression on the vector, a linear SVM on the vector beside its words and letters, and kernel ridge regression
on the distance to known examples. Each alone is weaker; see docs/reference/understanding.md for the figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from towerdesk.assistant.understand.terms import Row

Floats = NDArray[np.float32]

SVM_SHARPNESS = 4.0  # turns distances from a margin into shares
KERNEL_SHARPNESS = 10.0
KERNEL_WIDTH = 1.0  # similarity = exp(-2 · width · (1 - cosine))


@dataclass(frozen=True)
class Head:
    """Weights for K labels; `examples` are the known vectors that a new one is compared with."""

    lines: Floats  # [384, K]
    lines_bias: Floats  # [K]
    margins: Floats  # [384, K]
    margins_terms: Floats  # [terms, K]
    margins_bias: Floats  # [K]
    examples: Floats  # [m, 384]
    pulls: Floats  # [m, K]

    def vote(self, vectors: Floats, rows: Sequence[Row]) -> "Votes":
        near = vectors @ self.examples.T
        margins = vectors @ self.margins + self.margins_bias + self._by_terms(rows)
        pulls = np.exp(np.float32(-2 * KERNEL_WIDTH) * (1 - near)) @ self.pulls
        shares = (
            softmax(vectors @ self.lines + self.lines_bias)
            + softmax(margins * np.float32(SVM_SHARPNESS))
            + softmax(pulls * np.float32(KERNEL_SHARPNESS))
        ) / np.float32(3)
        return Votes(shares, near.max(axis=1), margins.max(axis=1), pulls.max(axis=1))

    def _by_terms(self, rows: Sequence[Row]) -> Floats:
        return np.stack([values @ self.margins_terms[places] for places, values in rows])

    def arrays(self) -> dict[str, Floats]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True)
class Votes:
    """For n texts: shares float32[n, K] that add up to 1, and how near, clear and strongly pulled the best guess is."""

    shares: Floats
    nearest: Floats
    clearest: Floats
    strongest: Floats

    def features(self) -> Floats:
        """float32[n, 6]: what tells a right guess from a wrong one, and a known kind of text from an unknown one."""
        top = np.sort(self.shares, axis=1)[:, ::-1][:, :2].clip(1e-6, 1 - 1e-6)
        spread = -(self.shares * np.log(self.shares.clip(1e-9))).sum(axis=1)
        sure = np.log(top[:, 0] / (1 - top[:, 0]))
        return np.column_stack([sure, top[:, 0] - top[:, 1], spread, self.nearest, self.clearest, self.strongest])


def softmax(values: Floats) -> Floats:
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
