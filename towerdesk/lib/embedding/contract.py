"""What an embedding model is to the rest of the house."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

DIMENSION = 384


class Embedder(Protocol):
    """Turns texts into vectors whose dot product says how near their meanings are."""

    @property
    def name(self) -> str:
        """A short name for people, such as `minilm`."""

    @property
    def dimension(self) -> int:
        """Columns of every result: 384, whatever the model's own width."""

    @property
    def fingerprint(self) -> str:
        """Hash of model, tokenizer and settings. Vectors of different fingerprints must not be compared."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32[len(texts), 384], each row of length 1; a text without any known token is a row of zeros.

        The result for one text does not depend on the texts beside it. Safe to call from several threads.
        """


def normalise(rows: Vectors) -> Vectors:
    """Rows scaled to length 1; rows of zeros stay zeros."""
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    scaled: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return scaled


def widen(rows: Vectors) -> Vectors:
    """Rows with zeros appended up to 384 columns; dot products stay as they were."""
    return np.pad(rows, ((0, 0), (0, DIMENSION - rows.shape[1])))
