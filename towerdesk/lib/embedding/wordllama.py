"""Static word-piece vectors from the wheel `wordllama`, averaged: the lookout for surges compares them, and they are the
fallback where MiniLM is missing. Weaker, but 0.1 ms a text, no runtime.

Its files are read directly: the package itself would import an HTTP client and may look for its files on a hub.
"""

import hashlib
import json
import threading
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from towerdesk.lib.embedding.contract import DIMENSION, Vectors, normalise, widen
from towerdesk.lib.embedding.memory import trim
from towerdesk.lib.embedding.onnx import digest, load_tokenizer
from towerdesk.lib.errors import Unavailable

if TYPE_CHECKING:
    from tokenizers import Tokenizer


class WordLlamaEmbedder:
    """Loads on first use; the weights stay on disk and are mapped, so only the rows that are used take memory."""

    name = "wordllama"
    dimension = DIMENSION

    def __init__(self, weights: Path, tokenizer: Path) -> None:
        self.weights = weights
        self.tokenizer_file = tokenizer
        self._loading = threading.Lock()

    @cached_property
    def fingerprint(self) -> str:
        parts = [digest(self.weights), digest(self.tokenizer_file), "mean"]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self._table.shape[1]), np.float32)
        for row, encoded in enumerate(self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)):
            if encoded.ids:
                rows[row] = self._table[encoded.ids].astype(np.float32).mean(axis=0)
        return widen(normalise(rows))

    @cached_property
    def _table(self) -> NDArray[np.float16]:
        with self._loading:
            return map_safetensors(self.weights, "embedding.weight")

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        with self._loading:
            loaded = load_tokenizer(self.tokenizer_file)
            trim()
            return loaded


def wordllama() -> WordLlamaEmbedder:
    """Raises `Unavailable` when the wheel is not installed."""
    package = find_spec("wordllama")
    if package is None or package.origin is None:
        raise Unavailable("The package wordllama is not installed: install it, or set TOWERDESK_EMBEDDER to a model.")
    folder = Path(package.origin).parent
    weights = folder / "weights" / "l2_supercat_256.safetensors"
    return WordLlamaEmbedder(weights, folder / "tokenizers" / "l2_supercat_tokenizer_config.json")


def map_safetensors(file: Path, tensor: str) -> NDArray[np.float16]:
    """One float16 tensor as a read-only map. The format: 8 bytes header length, a JSON header, then the data."""
    with file.open("rb") as stream:
        size = int.from_bytes(stream.read(8), "little")
        entry = json.loads(stream.read(size))[tensor]
    if entry["dtype"] != "F16":
        raise Unavailable(f"{file} holds {entry['dtype']} numbers where float16 was expected: install wordllama anew.")
    first = 8 + size + entry["data_offsets"][0]
    return np.memmap(file, np.float16, "r", first, tuple(entry["shape"]))
