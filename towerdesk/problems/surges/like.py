"""What counts as like: the same intent and rather near, or very near whatever the intent is, or without one.

Measured with MiniLM on 440 requests of 26 intents: of two requests of one intent half lie nearer than 0.35, of one trouble
0.55; of two intents one pair in a hundred lies nearer than 0.46.
"""

import numpy as np
from numpy.typing import NDArray

from towerdesk.lib.embedding import Vectors

NEAR = 0.30
"""Cosine to one request from which another of the same intent is like it."""
NEARER = 0.45
"""Cosine from which one is, whatever its intent."""
CORE = 0.38
"""Cosine to the middle of what is a surge already, of the same intent; and `CORE_ALONE` of any."""
CORE_ALONE = 0.50


def of_one_intent(vector: Vectors, intent: int, vectors: Vectors, intents: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not intent:
        return np.zeros(len(vectors), bool)
    made: NDArray[np.bool_] = (intents == intent) & (vectors @ vector >= NEAR)
    return made


def of_any_intent(vector: Vectors, vectors: Vectors) -> NDArray[np.bool_]:
    made: NDArray[np.bool_] = vectors @ vector >= NEARER
    return made


def middle(vectors: Vectors) -> Vectors:
    """float32[dimension], of length one."""
    mean: Vectors = vectors.mean(axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1e-9)


def belongs(vector: Vectors, intent: int, centre: Vectors, its_intent: int) -> float:
    """How near it lies to the middle of a surge (0 to 1), or 0 when it does not belong."""
    near = float(vector @ centre)
    least = CORE if intent and intent == its_intent else CORE_ALONE
    return near if near >= least else 0.0


def most_typical(vectors: Vectors) -> int:
    """The place of the one that says best what all of them are about."""
    return int(np.argmax(vectors @ middle(vectors)))
