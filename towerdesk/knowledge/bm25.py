"""BM25 over texts held in memory (Robertson and Zaragoza 2009), scaled so that it can stand beside a cosine."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

K1, B = 1.2, 0.75
WORD = re.compile(r"\w+")


class Lexicon:
    """Which words stand in which text, and what each is worth there."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(words(text)) for text in texts]
        self.size = len(counts)
        self._worth, self._where = weigh(counts)

    def scores(self, question: str) -> NDArray[np.float32]:
        """float32[texts], from 0 to below 1: the share of what a text that is all about these words would get.

        The share is of the whole question, so words that no text has lower all scores; frequent words hardly count.
        """
        total = np.zeros(self.size, np.float32)
        asked = set(words(question))
        ceiling = sum(self._worth.get(word, self._unknown) for word in asked)
        for word in asked & self._where.keys():
            rows, values = self._where[word]
            total[rows] += values
        return total / np.float32(ceiling) if ceiling else total

    @property
    def _unknown(self) -> float:
        return highest(self.size, 0)


def words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def weigh(
    counts: list[Counter[str]],
) -> tuple[dict[str, float], dict[str, tuple[NDArray[np.intp], NDArray[np.float32]]]]:
    """For each word the most it can be worth, and its texts with its worth in each."""
    lengths = np.array([sum(count.values()) for count in counts], np.float32)
    drag = K1 * (1 - B + B * lengths / max(float(lengths.mean()) if counts else 0.0, 1.0))
    found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for row, count in enumerate(counts):
        for word, times in count.items():
            found[word].append((row, times))
    worth = {word: highest(len(counts), len(rows)) for word, rows in found.items()}
    where = {}
    for word, pairs in found.items():
        rows, times = np.array(pairs).T
        where[word] = rows, (worth[word] * times / (times + drag[rows])).astype(np.float32)
    return worth, where


def highest(texts: int, containing: int) -> float:
    return math.log(1 + (texts - containing + 0.5) / (containing + 0.5)) * (K1 + 1)
