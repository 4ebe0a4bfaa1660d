"""Which articles answer a question best: meaning (cosine) fused with words (BM25).

The weights were tuned on one half of StackFAQ and checked on the other; equal weights, or ranks fused, do worse.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from towerdesk.knowledge.bm25 import Lexicon

WORDS = 0.2  # what BM25, from 0 to 1, adds to a cosine
TITLE = 0.5  # how much of the cosine is the title's, the rest the best chunk's

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Entry:
    """One chunk as the index knows it. `meaning` is the text that was embedded."""

    article: Hashable
    chunk: Hashable
    meaning: str


@dataclass(frozen=True, slots=True)
class Found:
    """`score` orders the articles (about 0 to 1.2); `chunks` are the article's best, best first, with their scores."""

    article: Hashable
    score: float
    cosine: float
    words: float
    chunks: tuple[tuple[Hashable, float], ...]


class Index:
    """Chunks in memory, never changed: build another when articles change. 10,000 chunks take about 30 MB."""

    def __init__(
        self, entries: Sequence[Entry], vectors: Vectors, titles: Mapping[Hashable, NDArray[np.float32]] | None = None
    ) -> None:
        """`vectors` is float32[entries, 384]; `titles` maps an article to its title's vector, where there is one."""
        self.entries = list(entries)
        self._vectors = np.asarray(vectors, np.float32)
        self._lexicon = Lexicon([entry.meaning for entry in self.entries])
        self._articles = list(dict.fromkeys(entry.article for entry in self.entries))
        row = {article: at for at, article in enumerate(self._articles)}
        self._owner = np.array([row[entry.article] for entry in self.entries], np.intp)
        self._titled = [(row[article], vector) for article, vector in (titles or {}).items() if article in row]

    def search(self, question: str, vector: NDArray[np.float32], *, limit: int = 10) -> list[Found]:
        """The best articles, best first. `vector` is the question's own, float32[384]; it is not computed here."""
        if not self.entries:
            return []
        cosines, words = self._vectors @ vector, self._lexicon.scores(question)
        near, said = self._best(cosines), self._best(words)
        near = self._with_titles(near, vector)
        scores = fuse(near, said)
        first = np.argsort(-scores, kind="stable")[:limit]
        passages = fuse(cosines, words)
        return [
            Found(self._articles[at], float(scores[at]), float(near[at]), float(said[at]), self._chunks(at, passages))
            for at in first
        ]

    def _best(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Each article's highest value among its chunks."""
        best = np.full(len(self._articles), -np.inf, np.float32)
        np.maximum.at(best, self._owner, values)
        return best

    def _with_titles(self, near: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.float32]:
        if not self._titled:
            return near
        rows = [row for row, _ in self._titled]
        titles = np.stack([title for _, title in self._titled]) @ vector
        near = near.copy()
        near[rows] = (1 - TITLE) * near[rows] + TITLE * titles
        return near

    def _chunks(self, article: int, passages: NDArray[np.float32]) -> tuple[tuple[Hashable, float], ...]:
        rows = np.flatnonzero(self._owner == article)
        best = rows[np.argsort(-passages[rows], kind="stable")]
        return tuple((self.entries[row].chunk, float(passages[row])) for row in best)


def fuse(cosines: NDArray[np.float32], words: NDArray[np.float32]) -> NDArray[np.float32]:
    """One score from a cosine (-1 to 1) and scaled BM25 (0 to 1, see `Lexicon.scores`)."""
    return cosines + np.float32(WORDS) * words
