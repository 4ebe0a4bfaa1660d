"""Choose the sentences of an article that answer a question; steps of a list stay whole and in order."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from towerdesk.knowledge.plain import plain
from towerdesk.knowledge.rank import Found
from towerdesk.knowledge.search import Passage
from towerdesk.lib.embedding import Vectors

MOST_SENTENCES, MOST_WORDS, MOST_STEPS = 4, 130, 10
NEAR_ENOUGH = 0.15  # how far below the best sentence another one may lie and still be told
LEAST_CLOSENESS = 0.22  # below this even the best sentence does not speak of the question
WORDS_WORTH = 0.25  # what sharing all of the question's words adds to a cosine
STEP = re.compile(r"(?:^|\n)\s*(?:>\s*)*(?:[-*+]|(\d{1,3})[.)])\s+$")
WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True, slots=True)
class Quote:
    """One sentence of the reply and the span of the article's Markdown it rests on.

    `closeness` is its nearness to the question, `support` how well the span carries it (1 when quoted word for word);
    `step` is its number in a list, None in prose.
    """

    text: str
    passage: Passage
    start: int
    end: int
    closeness: float
    support: float
    step: int | None = None
    also: tuple["Quote", ...] = ()  # further spans that a sentence put together from several rests on


def extract(question: str, vector: Vectors, found: list[tuple[Found, list[Passage]]]) -> list[Quote]:
    """In the order of the article. Empty when nothing in it speaks of the question."""
    candidates = [quote for passage in found[0][1][:3] for quote in _quotes(question, vector, passage)] if found else []
    if not candidates or max(quote.closeness for quote in candidates) < LEAST_CLOSENESS:
        return []
    best = max(candidates, key=lambda quote: quote.closeness)
    chosen = _whole_list(best, candidates) if best.step is not None else _prose(best, candidates)
    return _short_enough(sorted(chosen, key=lambda quote: quote.start), best)


def _quotes(question: str, vector: Vectors, passage: Passage) -> list[Quote]:
    if not len(passage.sentence_vectors):
        return []
    near = passage.sentence_vectors @ vector + WORDS_WORTH * _shared(question, passage) + 0.3 * (passage.score - 0.5)
    return [
        Quote(plain(passage.text[start:end]), passage, start, end, float(closeness), 1.0, step_at(passage.text, start))
        for (start, end), closeness in zip(passage.sentences, near, strict=True)
    ]


def _shared(question: str, passage: Passage) -> NDArray[np.float32]:
    """For each sentence the share of the question's longer words that it has."""
    asked = set(WORD.findall(question.lower()))
    said = (set(WORD.findall(passage.text[start:end].lower())) for start, end in passage.sentences)
    return np.array([len(asked & words) / max(4, len(asked)) for words in said], np.float32)


def step_at(text: str, start: int) -> int | None:
    """The sentence's number in a list: 0 for a bullet, None when it is prose."""
    marker = STEP.search(text[max(0, start - 12) : start])
    if marker is None:
        return None
    return int(marker.group(1)) if marker.group(1) else 0


def _whole_list(best: Quote, candidates: list[Quote]) -> list[Quote]:
    """Half an instruction is worse than none: all steps around the best one, and the sentence that leads to them."""
    same = sorted(
        (quote for quote in candidates if quote.passage.chunk_id == best.passage.chunk_id), key=lambda q: q.start
    )
    at = same.index(best)
    first = last = at
    while first > 0 and same[first - 1].step is not None and not _begins_anew(same[first]):
        first -= 1
    while last + 1 < len(same) and same[last + 1].step is not None and not _begins_anew(same[last + 1]):
        last += 1
    lead = same[first - 1 : first] if first > 0 and same[first - 1].text.endswith(":") else []
    near = [
        quote for quote in same[last + 1 :] if quote.step is None and quote.closeness >= best.closeness - NEAR_ENOUGH
    ]
    return [*lead, *same[first : last + 1][:MOST_STEPS], *near[:1]]


def _begins_anew(quote: Quote) -> bool:
    return quote.step == 1


def _prose(best: Quote, candidates: list[Quote]) -> list[Quote]:
    near = [quote for quote in candidates if quote.step is None and quote.closeness >= best.closeness - NEAR_ENOUGH]
    near = [quote for quote in near if not quote.text.endswith(":")]
    return sorted(near, key=lambda quote: -quote.closeness)[:MOST_SENTENCES] or [best]


def _short_enough(quotes: list[Quote], best: Quote) -> list[Quote]:
    """Prose is cut from its least fitting end; a list is told whole."""
    if any(quote.step is not None for quote in quotes):
        return quotes
    while len(quotes) > 1 and sum(len(quote.text.split()) for quote in quotes) > MOST_WORDS:
        quotes.remove(min((quote for quote in quotes if quote is not best), key=lambda quote: quote.closeness))
    return quotes
