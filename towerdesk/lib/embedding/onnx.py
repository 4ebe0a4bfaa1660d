"""A sentence transformer as an ONNX file: WordPiece tokens in, the mean of the last hidden states out."""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from towerdesk.lib.embedding.contract import DIMENSION, Vectors, normalise, widen
from towerdesk.lib.embedding.memory import trim
from towerdesk.lib.errors import Unavailable

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

BATCH = 8  # measured: more texts at once are slower on one core, and take more memory
LONGEST = 256  # tokens; what a text says after about 200 words is not looked at


class OnnxEmbedder:
    """Loads on first use. `threads` is how many cores one call may take, `at_once` how many texts.

    `weights` is a file that the model's graph points into, if they lie apart. Raises `Unavailable` on first use when a
    file is missing, the weights (else the model) have another sha256 than promised, or it can't be run.
    """

    dimension = DIMENSION

    def __init__(
        self,
        name: str,
        model: Path,
        tokenizer: Path,
        *,
        weights: Path | None = None,
        sha256: str | None = None,
        threads: int = 1,
        at_once: int = BATCH,
    ) -> None:
        self.name = name
        self.model = model
        self.weights = weights or model
        self.tokenizer_file = tokenizer
        self.sha256 = sha256
        self.threads = threads
        self.at_once = at_once
        self._loading = threading.Lock()
        self._session: Any = None

    @cached_property
    def fingerprint(self) -> str:
        parts = [self._checksum(), digest(self.tokenizer_file), f"mean,{LONGEST}"]
        if self.weights != self.model:
            parts.append(digest(self.model))
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]

    def embed(self, texts: Sequence[str]) -> Vectors:
        result = np.zeros((len(texts), DIMENSION), np.float32)
        if not texts:
            return result
        session = self._ready()
        encoded = self._tokenizer.encode_batch_fast([one or " " for one in texts])
        for places in batches_of_like_length(encoded, self.at_once):
            result[places] = run(session, [encoded[place] for place in places])
        if len(texts) > BATCH:
            trim()
        return result

    def _ready(self) -> Any:
        with self._loading:
            if self._session is None:
                self._checksum()
                self._session = start(self.model, self.weights, self.threads)
                trim()
            return self._session

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        return load_tokenizer(self.tokenizer_file)

    def _checksum(self) -> str:
        found = digest(self.weights)
        if self.sha256 and found != self.sha256:
            raise Unavailable(f"The embedding model {self.weights} is not the file it should be: install it anew.")
        return found


def digest(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise Unavailable(f"The embedding model can't be read from {file}: check TOWERDESK_EMBEDDER.") from error


def start(model: Path, weights: Path, threads: int) -> Any:
    """A session that gives memory back after each call instead of keeping an arena as large as the largest one."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(weights.parent))
    try:
        return onnxruntime.InferenceSession(model.read_bytes(), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own that share no base
        raise Unavailable(f"The embedding model {model} can't be started: {error}") from error


def load_tokenizer(file: Path) -> "Tokenizer":
    """From a `tokenizer.json`, or from a WordPiece vocabulary in text form; never padding, cut at `LONGEST` tokens."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(file)) if file.suffix == ".json" else wordpiece(file)
    except Exception as error:  # the library raises plain Exception
        raise Unavailable(f"The tokenizer {file} can't be read: {error}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def wordpiece(vocabulary: Path) -> "Tokenizer":
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.WordPiece.from_file(str(vocabulary), unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    marks = [(mark, tokenizer.token_to_id(mark)) for mark in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=marks)
    return tokenizer


def batches_of_like_length(encoded: "Sequence[Encoding]", at_once: int) -> Iterator[list[int]]:
    """Places of texts with about as many tokens each, so that hardly any padding is computed."""
    places = sorted(range(len(encoded)), key=lambda place: len(encoded[place].ids))
    for first in range(0, len(places), at_once):
        yield places[first : first + at_once]


def run(session: Any, encoded: "Sequence[Encoding]") -> Vectors:
    longest = max(len(one.ids) for one in encoded)
    ids = np.zeros((len(encoded), longest), np.int64)
    mask = np.zeros_like(ids)
    for row, one in enumerate(encoded):
        ids[row, : len(one.ids)] = one.ids
        mask[row, : len(one.ids)] = 1
    given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    hidden = session.run(None, {wanted.name: given[wanted.name] for wanted in session.get_inputs()})[0]
    return widen(normalise(np.einsum("ijk,ij->ik", hidden, mask.astype(np.float32))))
