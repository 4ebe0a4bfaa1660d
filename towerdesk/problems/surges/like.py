"""What counts as like: the same intent and rather near, or very near whatever the intent is, or without one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from towerdesk.lib.embedding import Vectors


@dataclass(frozen=True, slots=True)
class Bounds:
    """Cosines.

    `near`: to one request, from which another of the same intent is like it; `nearer`: from which one is, whatever its
    intent. `core`: to the middle of what is a surge already, of the same intent; and `core_alone` of any.
    """

    near: float
    nearer: float
    core: float
    core_alone: float


OF_SENTENCES = Bounds(near=0.30, nearer=0.45, core=0.38, core_alone=0.50)
"""Of a sentence transformer: measured with MiniLM on 440 requests of 26 intents. Of two requests of one intent half lie nearer
than 0.35, of one trouble 0.55; of two intents one pair in a hundred lies nearer than 0.46."""
OF_WORDS = Bounds(near=0.11, nearer=0.25, core=0.18, core_alone=0.27)
"""Of static word vectors without what the desk's texts have in common: where as many pairs pass as with MiniLM, found on 1,200
requests of the demo and 38 intents of BANKING77, tried on as many others. Of one trouble half lie nearer than 0.34; of two
intents one pair in a hundred lies nearer than 0.28, of BANKING77's 0.39."""
OF_WORDS_ALONE = Bounds(near=0.20, nearer=0.43, core=0.34, core_alone=0.43)
"""Of the same as they are, as long as a desk has too few texts to tell what they have in common."""


def of_one_intent(
    near: NDArray[np.float32], intent: int, intents: NDArray[np.int64], bounds: Bounds
) -> NDArray[np.bool_]:
    """`near`: the cosine of each to the request that is asked about."""
    if not intent:
        return np.zeros(len(near), bool)
    made: NDArray[np.bool_] = (intents == intent) & (near >= bounds.near)
    return made


def of_any_intent(near: NDArray[np.float32], bounds: Bounds) -> NDArray[np.bool_]:
    made: NDArray[np.bool_] = near >= bounds.nearer
    return made


def middle(vectors: Vectors) -> Vectors:
    """float32[dimension], of length one."""
    mean: Vectors = vectors.mean(axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1e-9)


def belongs(vector: Vectors, intent: int, centre: Vectors, its_intent: int, bounds: Bounds = OF_SENTENCES) -> float:
    """How near it lies to the middle of a surge (0 to 1), or 0 when it does not belong."""
    near = float(vector @ centre)
    least = bounds.core if intent and intent == its_intent else bounds.core_alone
    return near if near >= least else 0.0


def most_typical(vectors: Vectors, subjects: Sequence[str]) -> int:
    """The place of the one whose subject says best what all of them are about: near the middle, in a few words."""
    near = vectors @ middle(vectors)
    telling = np.array([TELLING[0] <= len(one.split()) <= TELLING[1] for one in subjects])
    shouted = np.array([one.isupper() for one in subjects])
    return int(np.argmax(near + 0.2 * telling - 0.1 * shouted))


TELLING = (3, 10)
"""Words of a subject that says something and can be read at a glance."""
