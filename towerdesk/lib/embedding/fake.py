"""An embedder for tests: hashed words and three-letter pieces. No model, always the same, like words lie near."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from towerdesk.lib.embedding.contract import DIMENSION, Vectors, normalise


class FakeEmbedder:
    name = "fake"
    dimension = DIMENSION
    fingerprint = "fake-1"

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), DIMENSION), np.float32)
        for row, text in enumerate(texts):
            for piece, weight in pieces(text):
                rows[row, place(piece)] += weight
        return normalise(rows)


def pieces(text: str) -> Iterator[tuple[str, float]]:
    for word in re.findall(r"\w+", text.lower()):
        yield word, 1.0
        yield from ((word[at : at + 3], 0.3) for at in range(len(word) - 2))


@cache
def place(piece: str) -> int:
    return int.from_bytes(hashlib.blake2b(piece.encode(), digest_size=4).digest()) % DIMENSION
