"""Give published passages their vectors: the passage's, and each of its sentences' for citing them one by one."""

import numpy as np
from django.db.models import QuerySet

from towerdesk.knowledge.models import Chunk, Version
from towerdesk.knowledge.plain import plain
from towerdesk.lib.embedding import Embedder, Vectors

BATCH = 32


def index_article(article_id: int, embedder: Embedder) -> int:
    """Embed what is live of one article; returns how many passages were done. Safe to repeat."""
    return _index(Chunk.objects.filter(version__article_id=article_id), embedder)


def index_all(embedder: Embedder) -> int:
    """Embed whatever is live and was made by no model or another one: after a change of the model."""
    return _index(Chunk.objects.all(), embedder)


def _index(among: "QuerySet[Chunk]", embedder: Embedder) -> int:
    """Titles first: an article is found again by its last passage."""
    waiting = among.filter(live=True).exclude(model=embedder.fingerprint)
    for version in Version.objects.filter(pk__in=waiting.values("version_id")):
        _give_title(version, embedder)
    done = 0
    for chunk in waiting.select_related("version__article").order_by("id").iterator(chunk_size=BATCH):
        _give_vectors(chunk, embedder)
        done += 1
    return done


def _give_vectors(chunk: Chunk, embedder: Embedder) -> None:
    sentences = [plain(chunk.version.text[start:end]) for start, end in chunk.sentences]
    vectors = embedder.embed([f"{chunk.heading}.\n{plain(chunk.text)}", *sentences])
    chunk.vector, chunk.sentence_vectors = pack(vectors[:1]), pack(vectors[1:])
    chunk.model = embedder.fingerprint
    chunk.save(update_fields=["vector", "sentence_vectors", "model"])


def _give_title(version: Version, embedder: Embedder) -> None:
    version.title_vector = pack(embedder.embed([version.title]))
    version.save(update_fields=["title_vector"])


def pack(vectors: Vectors) -> bytes:
    return vectors.astype(np.float16).tobytes()


def unpack(content: bytes | memoryview | None, dimension: int = 384) -> Vectors:
    """float32[n, dimension]; nothing stored is no rows."""
    return np.frombuffer(content or b"", np.float16).reshape(-1, dimension).astype(np.float32)
