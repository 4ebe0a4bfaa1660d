"""Believable text of any length: few words are frequent, most are rare (Zipf), the same for the same seed."""

from collections.abc import Iterator

import numpy as np

from towerdesk.cli.demo.facts import company

VOCABULARY = 30_000
SYLLABLES = (
    "an ba cor da el fi gra ho in ju kel lo mi nor ost pra qui ri sa tro ul ver wen xa yo zen ta po le mu".split()
)


class Words:
    """The frequent words are those of the demo company's articles; the rare ones are made up, like names and codes."""

    def __init__(self, seed: int = 1) -> None:
        self.chance = np.random.default_rng(seed)
        self.list = np.array(_vocabulary(self.chance), dtype=object)
        weights = 1.0 / (np.arange(len(self.list)) + 2.7) ** 1.05
        self.shares = weights / weights.sum()

    def texts(self, number: int, *, least: int, most: int) -> Iterator[str]:
        """So many texts of `least` to `most` words."""
        lengths = self.chance.integers(least, most + 1, number)
        said = self.list[self.chance.choice(len(self.list), lengths.sum(), p=self.shares)]
        ends = np.cumsum(lengths)
        for start, end in zip(ends - lengths, ends, strict=True):
            text = " ".join(said[start:end])
            yield text[:1].upper() + text[1:]


def _vocabulary(chance: np.random.Generator) -> list[str]:
    text = " ".join(article.body for article in company().articles).lower()
    counted: dict[str, int] = {}
    for word in text.split():
        if word.isalpha():
            counted[word] = counted.get(word, 0) + 1
    known = dict.fromkeys(sorted(counted, key=lambda word: -counted[word]))
    while len(known) < VOCABULARY:
        known["".join(chance.choice(SYLLABLES, chance.integers(2, 5)))] = None
    return list(known)
