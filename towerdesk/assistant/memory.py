"""What grades have taught so far: how like questions were answered, and how an article did for an intent.

A memory is frozen when the score is fitted: later grades certify what it says, so they must not have shaped it.
"""

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from towerdesk.lib.embedding import Vectors

NEIGHBOURS = 8
SHARPNESS = 12.0  # how quickly a neighbour's word loses weight with its distance
DOUBT = 2.0  # grades' worth of "nobody knows" that every estimate begins with
UNKNOWN = 0.5
FAR, NEAR = 0.3, 0.9  # cosines at which a question is taken for quite new, and for one that was graded before


@dataclass(frozen=True, slots=True)
class Lesson:
    """One graded proposal: the question's vector (float32[384]), its intent, the article first cited, and the verdict.

    Of what a procedure did: `article` is the id of its version.
    """

    vector: Vectors
    intent: str
    article: int
    right: bool


class Memory:
    def __init__(
        self, vectors: Vectors, intents: Sequence[str], articles: Sequence[int], right: Sequence[bool]
    ) -> None:
        self._vectors = (
            np.asarray(vectors, np.float32).reshape(len(right), -1) if len(right) else np.zeros((0, 384), np.float32)
        )
        self._intents = np.array(list(intents), dtype="U80")
        self._articles = np.array(list(articles), np.int64)
        self._right = np.array(list(right), np.float32)

    @classmethod
    def empty(cls) -> "Memory":
        return cls(np.zeros((0, 384), np.float32), [], [], [])

    @classmethod
    def of(cls, lessons: Sequence[Lesson]) -> "Memory":
        vectors = np.stack([lesson.vector for lesson in lessons]) if lessons else np.zeros((0, 384), np.float32)
        return cls(
            vectors,
            [lesson.intent for lesson in lessons],
            [lesson.article for lesson in lessons],
            [lesson.right for lesson in lessons],
        )

    def like(self, vector: Vectors, intent: str, article: int) -> float:
        """0 to 1: how proposals of this article for the nearest questions of this intent were graded; 0.5 when none were."""
        rows = np.flatnonzero((self._intents == intent) & (self._articles == article))
        if not len(rows):
            return UNKNOWN
        near = self._vectors[rows] @ vector
        best = np.argsort(-near)[:NEIGHBOURS]
        weights = np.exp(SHARPNESS * (near[best] - 1.0)) * np.exp(SHARPNESS * 0.35)
        return _estimate(weights, self._right[rows[best]])

    def article(self, intent: str, article: int) -> float:
        """0 to 1: how often this article was the right one for this intent; 0.5 when nobody knows."""
        rows = (self._intents == intent) & (self._articles == article)
        return _estimate(np.ones(int(rows.sum()), np.float32), self._right[rows])

    def familiar(self, vector: Vectors) -> float:
        """0 to 1: how near the nearest question lies that was ever graded, whatever its intent; 0.5 when none was."""
        if not len(self._vectors):
            return UNKNOWN
        nearest = float((self._vectors @ vector).max())
        return min(1.0, max(0.0, (nearest - FAR) / (NEAR - FAR)))

    def parts(self, vector: Vectors, intent: str, article: int, named: str = "article") -> dict[str, float]:
        """What it adds to a score. `named`: the part that says how what it rests on did, an article or a procedure's version."""
        return {
            "like": self.like(vector, intent, article),
            named: self.article(intent, article),
            "familiar": self.familiar(vector),
        }

    @cached_property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.dumps()).hexdigest()[:16] if len(self._right) else "empty"

    def dumps(self) -> bytes:
        """An .npz without objects: nothing in it can run when it is loaded."""
        kept = io.BytesIO()
        head = json.dumps({"intents": self._intents.tolist(), "articles": self._articles.tolist()})
        np.savez(
            kept,
            head=np.frombuffer(head.encode(), np.uint8),
            vectors=self._vectors.astype(np.float16),
            right=self._right,
        )
        return kept.getvalue()

    @classmethod
    def loads(cls, content: bytes) -> "Memory":
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            head = json.loads(kept["head"].tobytes())
            return cls(kept["vectors"], head["intents"], head["articles"], kept["right"].astype(bool).tolist())


def _estimate(weights: NDArray[np.float32], right: NDArray[np.float32]) -> float:
    return float((weights @ right + DOUBT * UNKNOWN) / (weights.sum() + DOUBT))
