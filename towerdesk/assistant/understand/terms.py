"""TF-IDF of words and of letters inside words, small enough to need no library when a text is read."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

WORD = re.compile(r"\w\w+")
LETTERS = range(2, 6)  # length of the pieces cut out of words
LONGEST = 4000  # characters of a text that are looked at
WORDS_KEPT = 8192  # whose pieces need not be cut out again
RARE_ABOVE = 2000  # with more texts than this, what stands in one text only is left out

Floats = NDArray[np.float32]
Row = tuple[NDArray[np.int32], Floats]


@dataclass(frozen=True)
class Terms:
    """The terms known from training with their inverse document frequencies; words first, then letters."""

    names: tuple[str, ...]
    idf: Floats

    def __post_init__(self) -> None:
        object.__setattr__(self, "_place", {name: at for at, name in enumerate(self.names)})
        object.__setattr__(self, "_places_of_word", lru_cache(WORDS_KEPT)(self._cut))

    def row(self, text: str, weight: float) -> Row:
        """(places, values) of one text. Words and letters each have length `weight`, so neither outvotes the other."""
        place: dict[str, int] = self.__dict__["_place"]
        places_of_word: Callable[[str], tuple[int, ...]] = self.__dict__["_places_of_word"]
        text = text[:LONGEST].lower()
        words = Counter(place[name] for name in words_and_pairs(text) if name in place)
        letters: Counter[int] = Counter()
        for word, times in Counter(text.split()).items():
            for at in places_of_word(word):
                letters[at] += times
        parts = [self._block(part, weight) for part in (words, letters)]
        return np.concatenate([at for at, _ in parts]), np.concatenate([values for _, values in parts])

    def _cut(self, word: str) -> tuple[int, ...]:
        place: dict[str, int] = self.__dict__["_place"]
        return tuple(place[piece] for piece in pieces(word) if piece in place)

    def _block(self, counted: Counter[int], weight: float) -> Row:
        if not counted:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        at = np.fromiter(counted.keys(), np.int32, len(counted))
        times = np.fromiter(counted.values(), np.float32, len(counted))
        values = (1 + np.log(times)) * self.idf[at]
        return at, values * np.float32(weight / np.linalg.norm(values))


def learn(texts: Sequence[str]) -> Terms:
    """Every term of the texts; with many texts only those that stand in at least two."""
    seen: Counter[str] = Counter()
    for text in texts:
        for part in count(text):
            seen.update(part.keys())
    fewest = 2 if len(texts) > RARE_ABOVE else 1
    names = tuple(sorted(name for name, times in seen.items() if times >= fewest))
    often = np.array([seen[name] for name in names], np.float32)
    return Terms(names, (np.log((1 + len(texts)) / (1 + often)) + 1).astype(np.float32))


def count(text: str) -> tuple[Counter[str], Counter[str]]:
    """How often each word and pair of words stands there, and each piece of 2 to 5 letters inside a word."""
    text = text[:LONGEST].lower()
    letters: Counter[str] = Counter()
    for word, times in Counter(text.split()).items():
        for piece in pieces(word):
            letters[piece] += times
    return Counter(words_and_pairs(text)), letters


def words_and_pairs(text: str) -> list[str]:
    words = WORD.findall(text)
    return [*words, *(f"{first} {second}" for first, second in pairwise(words))]


def pieces(word: str) -> Iterator[str]:
    """Marked with a leading `~` so that a piece is never taken for a word; blanks stand for the word's ends."""
    edged = f" {word[:40]} "
    for length in LETTERS:
        for at in range(len(edged) - length + 1):
            yield "~" + edged[at : at + length]
