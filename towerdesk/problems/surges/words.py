"""Whose vectors the lookout compares requests by while the assistant has learnt nothing, and what it takes off them.

Static word vectors, averaged, a fiftieth of a sentence transformer's time. By themselves they say little: all texts of one
desk are alike in what they are about, and those of one language lie together. So what the desk's own last weeks have in common
is taken off, their mean and the direction in which they differ most (Arora, Liang and Ma 2017, "A simple but tough-to-beat
baseline for sentence embeddings"; Mu and Viswanath 2018, "All-but-the-top"). Kept are the vectors as they are, so what is
learnt may change (decision 0057).
"""

from dataclasses import dataclass

import numpy as np

from towerdesk.lib.embedding import Embedder, Vectors, embedder, normalise, word_vectors
from towerdesk.lib.errors import Unavailable

ENGLISH = ("minilm", "wordllama")
"""Whoever chose another model for the desk chose it for what customers write: such a desk looks out by that model."""


def lookout_embedder() -> Embedder:
    """Whose vectors are made for the lookout alone: static ones where the desk reads English, else the desk's own."""
    model = embedder()
    if model.name not in ENGLISH:
        return model
    try:
        return word_vectors()
    except Unavailable:
        return model


def is_of_words(model: str) -> bool:
    try:
        return model == word_vectors().fingerprint
    except Unavailable:
        return False


@dataclass(frozen=True, slots=True)
class Common:
    """`mean` and `direction` float32[dimension], the latter of length 1."""

    mean: Vectors
    direction: Vectors

    @classmethod
    def of(cls, vectors: Vectors) -> "Common":
        mean: Vectors = vectors.mean(axis=0)
        apart = vectors - mean
        _, directions = np.linalg.eigh(apart.T @ apart)
        direction: Vectors = directions[:, -1]
        return cls(mean, direction)

    def taken_off(self, vectors: Vectors) -> Vectors:
        """Rows of length 1; a text without any known word stays a row of zeros."""
        apart = vectors - self.mean
        apart -= np.outer(apart @ self.direction, self.direction)
        apart[~vectors.any(axis=1)] = 0.0
        return normalise(apart)
