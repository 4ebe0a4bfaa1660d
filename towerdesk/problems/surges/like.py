"""What counts as like: the same intent and rather near, or very near whatever the intent is, or without one.

Measured with MiniLM on 440 requests of 26 intents: of two requests of one intent half lie nearer than 0.35, of one trouble
0.55; of two intents one pair in a hundred lies nearer than 0.46.
"""

from collections.abc import Sequence

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


def of_one_intent(near: NDArray[np.float32], intent: int, intents: NDArray[np.int64]) -> NDArray[np.bool_]:
    """`near`: the cosine of each to the request that is asked about."""
    if not intent:
        return np.zeros(len(near), bool)
    made: NDArray[np.bool_] = (intents == intent) & (near >= NEAR)
    return made


def of_any_intent(near: NDArray[np.float32]) -> NDArray[np.bool_]:
    made: NDArray[np.bool_] = near >= NEARER
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


def most_typical(vectors: Vectors, subjects: Sequence[str]) -> int:
    """The place of the one whose subject says best what all of them are about: near the middle, in a few words."""
    near = vectors @ middle(vectors)
    telling = np.array([TELLING[0] <= len(one.split()) <= TELLING[1] for one in subjects])
    shouted = np.array([one.isupper() for one in subjects])
    return int(np.argmax(near + 0.2 * telling - 0.1 * shouted))


TELLING = (3, 10)
"""Words of a subject that says something and can be read at a glance."""
