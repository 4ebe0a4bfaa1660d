"""Tie sentences somebody else worded to the spans or tool results they rest on; what rests on nothing is cut, with why."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from towerdesk.assistant.propose.extract import Quote
from towerdesk.assistant.propose.rests import Source, pieces, why_not
from towerdesk.assistant.propose.results import ToolResult, why_not_told
from towerdesk.knowledge.plain import plain
from towerdesk.knowledge.search import Passage
from towerdesk.knowledge.sentences import spans
from towerdesk.lib.embedding import Embedder, Vectors

RESTS = 0.5
"""Least cosine between a sentence and the span it is said to rest on; what it says is then held against the span."""
TRIED = 8
"""Spans that are held against a sentence, the nearest in meaning first."""
AS_NEAR = 0.04
"""A span that lies further than this behind the nearest one must say it in nearly the same words."""
STOP = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+")
ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|z\.B|d\.h|bzw|Mr|Mrs|Ms|Dr|Nr|No|approx|ca|vs|etc|max|min|p\.ej|ej)|\b[^\W\d])\.$",
    re.IGNORECASE,
)
HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.+?)\s*#*\s*$", re.M)


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence and what it rests on: spans of articles (the first carries most), or results of tools."""

    text: str
    quotes: tuple[Quote, ...] = ()
    results: tuple[ToolResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    text: str
    why: str


@dataclass(slots=True)
class Grounded:
    """In the order of the text."""

    claims: list[Claim] = field(default_factory=list)
    cut: list[Cut] = field(default_factory=list)

    @property
    def quotes(self) -> list[Quote]:
        """One for each claim that rests on articles: its whole sentence, and the other spans that it rests on."""
        return [
            replace(claim.quotes[0], text=claim.text, also=claim.quotes[1:]) for claim in self.claims if claim.quotes
        ]


def ground(
    text: str,
    passages: Sequence[Passage],
    embedder: Embedder,
    *,
    results: Sequence[ToolResult] = (),
    names: frozenset[str] = frozenset(),
) -> Grounded:
    """`names` is what all articles call by name (`knowledge.search.names`), so that a wrong one is known for one."""
    sentences = [one for start, end in spans(text) for one in _apart(text[start:end])]
    found = Grounded()
    if not sentences:
        return found
    looked_at = _Looking(passages, embedder, names)
    looked_at.read(sentences)
    for sentence in sentences:
        claim, why = _claim(sentence, looked_at, results)
        if claim is None:
            found.cut.append(Cut(sentence, why))
        else:
            found.claims.append(claim)
    return found


def _apart(text: str) -> list[str]:
    """A model may go on in small letters after a full stop: what stands there is a sentence of its own."""
    parts, at = [], 0
    for stop in STOP.finditer(text):
        if not ABBREVIATED.search(text, at, stop.start()):
            parts.append(text[at : stop.start()])
            at = stop.end()
    return [part for one in (*parts, text[at:]) if (part := one.strip(" \t-–—*_|>#"))]


def _claim(sentence: str, among: "_Looking", results: Sequence[ToolResult]) -> tuple[Claim | None, str]:
    quote, why = among.best(sentence)
    if quote is not None:
        return Claim(sentence, (quote,)), ""
    for result in results:
        if not why_not_told(sentence, result):
            return Claim(sentence, results=(result,)), ""
    parts = pieces(sentence)
    whole = [_claim_of_part(part, among, results) for part in parts]
    if parts and all(one is not None for one in whole):
        quotes = tuple(quote for one in whole if one for quote in one.quotes)
        told = tuple(result for one in whole if one for result in one.results)
        return Claim(sentence, quotes, told), ""
    return None, why


def _claim_of_part(part: str, among: "_Looking", results: Sequence[ToolResult]) -> Claim | None:
    quote, _ = among.best(part)
    if quote is not None:
        return Claim(part, (quote,))
    return next((Claim(part, results=(result,)) for result in results if not why_not_told(part, result)), None)


class _Looking:
    """The spans of some passages, and the vectors of the sentences that are held against them."""

    def __init__(self, passages: Sequence[Passage], embedder: Embedder, names: frozenset[str]) -> None:
        self._embedder, self._names = embedder, names
        self._passages = [passage for passage in passages if len(passage.sentence_vectors)]
        self._places = [(passage, at) for passage in self._passages for at in range(len(passage.sentences))]
        rows = [passage.sentence_vectors for passage in self._passages]
        self._vectors = np.concatenate(rows) if rows else np.zeros((0, 384), np.float32)
        self._known: dict[str, Vectors] = {}

    def read(self, sentences: Iterable[str]) -> None:
        new = [sentence for sentence in dict.fromkeys(sentences) if sentence not in self._known]
        if new and self._places:
            self._known |= dict(zip(new, self._embedder.embed(new), strict=True))

    def best(self, sentence: str) -> tuple[Quote | None, str]:
        """The span nearest in meaning that carries it; else why the nearest does not."""
        if not self._places:
            return None, "There is no source"
        self.read([sentence])
        near = self._vectors @ self._known[sentence]
        order = np.argsort(-near)[:TRIED]
        why = "No source speaks of it"
        for row in order:
            if near[row] < RESTS:
                break
            passage, at = self._places[int(row)]
            sure = float(near[row]) if near[row] >= near[order[0]] - AS_NEAR else RESTS
            trouble = why_not(sentence, source_of(passage, at, self._names), sure)
            if not trouble:
                start, end = passage.sentences[at]
                return Quote(sentence, passage, start, end, float(near[row]), float(min(1.0, near[row]))), ""
            why = trouble if why == "No source speaks of it" else why
        return None, why


def source_of(passage: Passage, at: int, names: frozenset[str] = frozenset()) -> Source:
    start, end = passage.sentences[at]
    return Source(plain(passage.text[start:end]), above(passage.text, start, passage.title), passage.language, names)


@lru_cache(maxsize=4096)
def above(text: str, start: int, title: str) -> tuple[str, ...]:
    """The headings over a place of an article, nearest first, then its title."""
    found: list[str] = []
    level = 7
    for heading in reversed(list(HEADING.finditer(text, 0, start))):
        if len(heading[1]) < level:
            level = len(heading[1])
            found.append(plain(heading[2]))
    return (*found, title)
