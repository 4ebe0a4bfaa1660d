"""Texts to vectors: one contract, a default model that runs on one core, a fallback, and a fake for tests.

`embedder()` gives the one the settings name; `TOWERDESK_EMBEDDER` is `minilm`, `multilingual`, `wordllama`, or the path
of an .onnx file with its tokenizer beside it. `word_vectors()` are those of wordllama, whatever the desk reads with.
"""

from towerdesk.lib.embedding.choose import embedder, word_vectors
from towerdesk.lib.embedding.contract import DIMENSION, Embedder, Vectors, normalise

__all__ = ["DIMENSION", "Embedder", "Vectors", "embedder", "normalise", "word_vectors"]
