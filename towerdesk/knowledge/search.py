"""Find articles: for the assistant by meaning and words, from memory; for people by words, from the database."""

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Protocol, cast

import numpy as np
from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, F, FloatField, Func, Max, Value

from towerdesk.knowledge.index import unpack
from towerdesk.knowledge.models import Article, ArticleQuerySet, Chunk
from towerdesk.knowledge.plain import plain
from towerdesk.knowledge.rank import Entry, Found, Index
from towerdesk.lib.actor import Actor
from towerdesk.lib.embedding import Vectors
from towerdesk.lib.stamps import Stamp


@dataclass(frozen=True, slots=True)
class Passage:
    """One found passage with all that citing it needs. Spans count characters of the version's Markdown."""

    article_id: int
    version_id: int
    chunk_id: int
    slug: str
    title: str
    heading: str
    text: str
    start: int
    sentences: tuple[tuple[int, int], ...]
    sentence_vectors: Vectors
    score: float
    language: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is published to customers, held in memory until something is published or retired."""

    state: str
    index: Index
    chunks: dict[int, Chunk]  # by their key


CITABLE = Stamp("""
SELECT string_agg(concat_ws(' ', model, many, newest), ',' ORDER BY model) FROM (
  SELECT chunk.model, count(*) AS many, max(chunk.id) AS newest FROM knowledge_chunk AS chunk
  JOIN knowledge_version AS version ON version.id = chunk.version_id
  JOIN knowledge_article AS article ON article.id = version.article_id
  WHERE chunk.live AND article.audience = 'public' GROUP BY chunk.model
) AS citable""")

_shelf: Shelf | None = None
_lock = Lock()


class HasVector(Protocol):
    """A question whose vector is asked for only when there is anything to compare it with."""

    @property
    def vector(self) -> Vectors: ...


def find(
    question: str, asked: HasVector, *, model: str, limit: int = 5, on: Shelf | None = None
) -> list[tuple[Found, list[Passage]]]:
    """The best public articles with their passages, best first. The vector is float32[384] of the same model.

    `on` is another shelf than what is published now, such as that of a day in the past (see `then`).
    """
    shelf = on or _current_shelf(model)
    if not shelf.chunks:
        return []
    found = shelf.index.search(question, asked.vector, limit=limit)
    return [(one, [_passage(shelf.chunks[cast(int, chunk)], score) for chunk, score in one.chunks]) for one in found]


def read_through(model: str) -> tuple[str, list[str]]:
    """(a word that changes with it, the plain text of every passage that may be cited)."""
    shelf = _current_shelf(model)
    return shelf.state, [entry.meaning for entry in shelf.index.entries]


def state(model: str) -> str:
    """A word that changes whenever what may be cited changes."""
    return hashlib.sha256(f"{model} {CITABLE.now()}".encode()).hexdigest()[:16]


def search_articles(words: str, actor: Actor | None, *, limit: int = 20) -> ArticleQuerySet:
    """Published articles that hold all the words, the best ranked first; visible to this actor (None: the public)."""
    query = Func(Value(words), function="towerdesk_query", output_field=SearchQueryField())
    matches = Func(F("search"), query, template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField())
    rank = Func(F("search"), query, function="ts_rank_cd", output_field=FloatField())
    matching = Chunk.objects.filter(matches, live=True).annotate(rank=rank)
    best = matching.values("version__article").annotate(best=Max("rank")).order_by("-best")[:limit]
    order = [row["version__article"] for row in best]
    found = Article.objects.visible_to(actor).filter(pk__in=order)
    return found.order_by(Func(Value(order), F("id"), function="array_position"))


def _current_shelf(model: str) -> Shelf:
    global _shelf
    now = state(model)
    with _lock:
        if _shelf is None or _shelf.state != now:
            _shelf = _load(model, now)
        return _shelf


def _load(model: str, now: str) -> Shelf:
    live = Chunk.objects.filter(live=True, model=model, version__article__audience="public")
    return shelf_of(list(live.select_related("version__article").order_by("id")), now)


def shelf_of(rows: list[Chunk], state: str) -> Shelf:
    """Of passages that have their vectors and were read with version and article."""
    entries = [Entry(row.version.article_id, row.pk, f"{row.heading}.\n{plain(row.text)}") for row in rows]
    vectors = np.concatenate([unpack(row.vector) for row in rows]) if rows else np.zeros((0, 384), np.float32)
    titles: dict[Hashable, Vectors] = {
        row.version.article_id: unpack(row.version.title_vector)[0] for row in rows if row.version.title_vector
    }
    return Shelf(state, Index(entries, vectors, titles), {row.pk: row for row in rows})


def _passage(chunk: Chunk, score: float) -> Passage:
    article = chunk.version.article
    return Passage(
        article_id=article.pk,
        version_id=chunk.version_id,
        chunk_id=chunk.pk,
        slug=article.slug,
        title=chunk.version.title,
        heading=chunk.heading,
        text=chunk.version.text,
        start=chunk.start,
        sentences=tuple((start, end) for start, end in chunk.sentences),
        sentence_vectors=unpack(chunk.sentence_vectors),
        score=score,
        language=article.language,
    )
