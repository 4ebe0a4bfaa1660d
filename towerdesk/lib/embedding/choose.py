"""Which embedder this process uses: asked once, then kept, since a loaded model takes more than 100 MB."""

import logging
import os
from functools import cache
from pathlib import Path

from towerdesk.lib.embedding.contract import Embedder
from towerdesk.lib.embedding.minilm import from_path, minilm
from towerdesk.lib.embedding.multilingual import MultilingualEmbedder
from towerdesk.lib.embedding.wordllama import wordllama
from towerdesk.lib.errors import Unavailable

log = logging.getLogger(__name__)


def embedder() -> Embedder:
    """The one that `TOWERDESK_EMBEDDER` names; `TOWERDESK_EMBEDDER_THREADS` says how many cores it may take (1).

    Left unset, it is MiniLM, or wordllama where MiniLM is missing. Raises `Unavailable` when the named one is missing.
    """
    name = os.environ.get("TOWERDESK_EMBEDDER", "").strip()
    return named(name, threads())


@cache
def named(name: str, threads: int) -> Embedder:
    match name:
        case "":
            return minilm_or_fallback(threads)
        case "minilm":
            return minilm(threads=threads)
        case "wordllama":
            return wordllama()
        case "multilingual":
            return MultilingualEmbedder(threads=threads)
        case _:
            return from_path(Path(name), threads=threads)


def minilm_or_fallback(threads: int) -> Embedder:
    try:
        return minilm(threads=threads)
    except Unavailable as missing:
        log.warning("%s Using wordllama instead, which understands less.", missing)
        return wordllama()


def word_vectors() -> Embedder:
    """Static ones, whatever the desk reads with: for what needs no more than words, in 0.1 ms. Raises `Unavailable`."""
    return named("wordllama", 1)


def threads() -> int:
    given = os.environ.get("TOWERDESK_EMBEDDER_THREADS", "1")
    if not given.isdecimal() or int(given) < 1:
        raise Unavailable(f"TOWERDESK_EMBEDDER_THREADS must be a number from 1 on, not {given!r}.")
    return int(given)
