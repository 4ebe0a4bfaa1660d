"""What was published at a moment in the past, as the log and the versions tell it: no later text, nothing taken away before."""

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from towerdesk.events.models import Event
from towerdesk.knowledge.chunk import chunks
from towerdesk.knowledge.index import pack
from towerdesk.knowledge.models import Article, Chunk, Version
from towerdesk.knowledge.plain import plain
from towerdesk.knowledge.search import Shelf, shelf_of
from towerdesk.knowledge.sentences import spans
from towerdesk.lib.embedding import Embedder


@dataclass(frozen=True, slots=True)
class Stand:
    """From `since` on this version was what readers saw; None: the article was not to be read."""

    since: datetime
    version: int | None


class Library:
    """Every shelf there ever was. Shelves between which nothing was published are one and the same.

    The versions of each article are read once; vectors that nobody stored are made in memory and kept there.
    """

    def __init__(self, embedder: Embedder | None, told: Sequence[tuple[datetime, Version]] | None = None) -> None:
        """`told`: versions that are in no table, of another desk say, each with the moment since when it was read."""
        self._embedder = embedder
        self._told = {version.pk: version for _, version in told or ()}
        self._stands = _stands() if told is None else {version.pk: [Stand(at, version.pk)] for at, version in told}
        self._changes = sorted({stand.since for stands in self._stands.values() for stand in stands})
        self._passages: dict[int, list[Chunk]] = {}
        self._shelf: tuple[frozenset[int], Shelf] | None = None

    def at(self, moment: datetime) -> Shelf:
        """What could be cited at this moment; changes of the very moment count."""
        published = self.published(moment)
        if self._shelf is None or self._shelf[0] != published:
            passages = [chunk for version in sorted(published) for chunk in self._of(version)]
            self._shelf = published, shelf_of(passages, _name(published))
        return self._shelf[1]

    def published(self, moment: datetime) -> frozenset[int]:
        """Keys of the versions that were before the public."""
        return frozenset(found for stands in self._stands.values() if (found := _stood(stands, moment)) is not None)

    def changes(self) -> Sequence[datetime]:
        return self._changes

    def _of(self, version: int) -> list[Chunk]:
        if version not in self._passages:
            found = self._told.get(version) or Version.objects.select_related("article").get(pk=version)
            if self._embedder is None:
                raise ValueError("This library was opened to see what was published when, not to read in it.")
            self._passages[version] = passages_of(found, self._embedder)
        return self._passages[version]


def passages_of(version: Version, embedder: Embedder) -> list[Chunk]:
    """Its passages with vectors of this model, as publishing and indexing would make them. Writes nothing."""
    stored = list(version.chunks.order_by("live", "-id")) if version.pk and not version._state.adding else []
    by_position = {chunk.position: chunk for chunk in stored}  # published twice: the same passages twice
    made = [by_position[position] for position in sorted(by_position)] or _cut(version)
    of_this_model = bool(stored) and all(chunk.model == embedder.fingerprint for chunk in made)
    for number, chunk in enumerate(made):
        chunk.version = version
        if chunk.pk is None:
            chunk.pk = -(number + 1) - 10_000 * (version.pk or 0)
        if chunk.model != embedder.fingerprint or not chunk.vector:
            _give_vectors(chunk, embedder)
    if not version.title_vector or not of_this_model:
        version.title_vector = pack(embedder.embed([version.title]))
    return made


def _cut(version: Version) -> list[Chunk]:
    return [
        Chunk(
            version=version,
            position=position,
            heading=". ".join((piece.title, *piece.path))[:400],
            text=piece.text,
            start=piece.start,
            end=piece.end,
            sentences=[list(span) for span in spans(version.text, piece.start, piece.end)],
        )
        for position, piece in enumerate(chunks(version.text, version.title))
    ]


def _give_vectors(chunk: Chunk, embedder: Embedder) -> None:
    sentences = [plain(chunk.version.text[start:end]) for start, end in chunk.sentences]
    vectors = embedder.embed([f"{chunk.heading}.\n{plain(chunk.text)}", *sentences])
    chunk.vector, chunk.sentence_vectors, chunk.model = pack(vectors[:1]), pack(vectors[1:]), embedder.fingerprint


def _stands() -> dict[int, list[Stand]]:
    """For each public article when which version stood; by the log, and where that is silent by the version itself."""
    versions: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    public = Version.objects.filter(article__audience="public").order_by("article_id", "number")
    for article, created, key in public.values_list("article_id", "created_at", "pk"):
        versions[article].append((created, key))
    events = Event.objects.filter(kind__in=("article.published", "article.retired"), subject_id__in=list(versions))
    stands: dict[int, list[Stand]] = defaultdict(list)
    for kind, at, article in events.order_by("at", "id").values_list("kind", "at", "subject_id"):
        written = [key for created, key in versions[article or 0] if created <= at]
        if kind == "article.retired" or written:
            stands[article or 0].append(Stand(at, None if kind == "article.retired" else written[-1]))
    for key, at in _unlogged(set(versions) - set(stands)):
        stands[key].append(at)
    return dict(stands)


def _unlogged(articles: Iterable[int]) -> Iterable[tuple[int, Stand]]:
    """Articles that came into being before the log told of publishing."""
    known = Article.objects.filter(pk__in=list(articles), status="published").exclude(current=None)
    for article in known.select_related("current"):
        if article.current is not None:
            yield article.pk, Stand(article.current.published_at or article.current.created_at, article.current.pk)


def _stood(stands: Sequence[Stand], moment: datetime) -> int | None:
    place = bisect_right(stands, moment, key=lambda stand: stand.since)
    return stands[place - 1].version if place else None


def _name(published: frozenset[int]) -> str:
    return hashlib.sha256(repr(sorted(published)).encode()).hexdigest()[:16]
