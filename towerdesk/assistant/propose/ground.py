"""Tie sentences somebody else worded to the spans they rest on; what rests on nothing is returned as cut."""

import re

import numpy as np

from towerdesk.assistant.propose.extract import Quote
from towerdesk.assistant.propose.facts import facts_of
from towerdesk.knowledge.plain import plain
from towerdesk.knowledge.search import Passage
from towerdesk.knowledge.sentences import spans
from towerdesk.lib.embedding import Embedder

RESTS = 0.62
"""Least cosine between a sentence and the span it is said to rest on."""
NEIGHBOURS = 2
"""A sentence may draw its numbers from this many spans beside the one it rests on."""
NEGATED = re.compile(
    r"\b(not|no|never|cannot|can't|don't|doesn't|isn't|won't|without|nicht|kein\w*|ne|pas|sin|nunca)\b", re.I
)


def ground(text: str, passages: list[Passage], embedder: Embedder) -> tuple[list[Quote], list[str]]:
    """Returns (sentences with their spans in the order of `text`, sentences that were cut)."""
    sentences = [text[start:end].strip() for start, end in spans(text)]
    sentences = [sentence for sentence in sentences if sentence]
    if not sentences or not passages:
        return [], sentences
    resting: list[Quote] = []
    cut: list[str] = []
    for sentence, vector in zip(sentences, embedder.embed(sentences), strict=True):
        quote = _best(sentence, vector, passages)
        if quote is None:
            cut.append(sentence)
        else:
            resting.append(quote)
    return resting, cut


def _best(
    sentence: str, vector: "np.ndarray[tuple[int], np.dtype[np.float32]]", passages: list[Passage]
) -> Quote | None:
    """The span nearest in meaning that also carries every number, date and link, and does not deny what is said."""
    found = []
    for passage in passages:
        if len(passage.sentence_vectors):
            found += [
                (float(near), passage, at) for at, near in enumerate(passage.sentence_vectors @ vector) if near >= RESTS
            ]
    for near, passage, at in sorted(found, key=lambda one: -one[0])[:8]:
        start, end = passage.sentences[at]
        if _carries(sentence, passage, at):
            return Quote(sentence, passage, start, end, near, near)
    return None


def _carries(sentence: str, passage: Passage, at: int) -> bool:
    start, end = passage.sentences[at]
    span = plain(passage.text[start:end])
    around = passage.sentences[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1]
    context = plain(passage.text[around[0][0] : around[-1][1]])
    if not facts_of(sentence) <= facts_of(f"{context} {passage.heading}"):
        return False
    return bool(NEGATED.search(sentence)) == bool(NEGATED.search(span))
