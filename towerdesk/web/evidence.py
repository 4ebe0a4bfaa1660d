"""A suggestion with what it rests on: sentences that point at numbered sources, the score in parts, the licence in words."""

import re
from dataclasses import dataclass
from typing import Any

from towerdesk.assistant.models import Licence, Run
from towerdesk.web.words import percent_words, score_words

PARTS = {
    "intent": "Intent is right",
    "scope": "It is something we know",
    "match": "The source is about this",
    "lead": "Clear of other sources",
    "closeness": "Sentences answer the question",
    "support": "Its weakest sentence rests on its source",
    "checks": "Numbers, dates and links match",
    "complete": "All that is needed is known",
    "vouched": "Its least certain value is right",
    "version": "This procedure went well before",
    "calm": "The writer is calm",
    "like": "Like questions went well",
    "article": "This source was right before",
    "familiar": "Questions near it were graded",
}
MOST_SOURCES = 4
MARKS = re.compile(r"^#+ |[*_`|]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    number: int
    title: str
    quote: str
    link: str


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the reply; `source` is the number it rests on, 0 when it is a greeting or a closing."""

    text: str
    source: int


def sources(run: Run) -> list[Source]:
    """The evidence that the reply's sentences point at, numbered as in the reply."""
    found = [run.evidence[index] for index in _used(run) if index < len(run.evidence)] or run.evidence[:2]
    return [_source(number, each) for number, each in enumerate(found[:MOST_SOURCES], start=1)]


def paragraphs(run: Run) -> list[list[Span]]:
    """The reply cut where its grounded sentences begin and end, by paragraph."""
    number = {index: place for place, index in enumerate(_used(run), start=1) if place <= MOST_SOURCES}
    marks = sorted(_places(run))
    return [_cut(start, text, marks, number) for start, text in _blocks(run.reply)]


def _used(run: Run) -> list[int]:
    """Indexes into the evidence, in the order in which the reply rests on them."""
    indexes = [_index(run, one) for one in run.grounded]
    return list(dict.fromkeys(index for index in indexes if index is not None))


def _index(run: Run, grounded: dict[str, Any]) -> int | None:
    source = grounded.get("source")
    if isinstance(source, int) and 0 <= source < len(run.evidence):
        return source
    return None


def _places(run: Run) -> list[tuple[int, int, int]]:
    """(start, end, evidence index) of each grounded sentence inside the reply."""
    found, begin = [], 0
    for one in run.grounded:
        index, text = _index(run, one), str(one.get("text", "")).strip()
        at = run.reply.find(text, begin) if text else -1
        if index is not None and at >= 0:
            found.append((at, at + len(text), index))
            begin = at + len(text)
    return found


def _blocks(reply: str) -> list[tuple[int, str]]:
    blocks, at = [], 0
    for piece in reply.split("\n\n"):
        if piece.strip():
            blocks.append((at, piece))
        at += len(piece) + 2
    return blocks


def _cut(start: int, text: str, marks: list[tuple[int, int, int]], number: dict[int, int]) -> list[Span]:
    spans, at, end = [], start, start + len(text)
    for begin, finish, index in marks:
        if begin < at or finish > end:
            continue
        spans += [Span(text[at - start : begin - start], 0)] if begin > at else []
        spans.append(Span(text[begin - start : finish - start], number.get(index, 0)))
        at = finish
    return [*spans, Span(text[at - start :], 0)] if at < end else spans


def _source(number: int, evidence: dict[str, Any]) -> Source:
    is_article = evidence.get("kind") == "article"
    path = "articles" if is_article else "tickets"
    title = str(evidence.get("title", "")) or f"{path[:-1].capitalize()} {evidence.get('id')}"
    return Source(number, title, _short(str(evidence.get("quote", ""))), f"/{path}/{evidence.get('id')}")


def _short(quote: str) -> str:
    line = " ".join(MARKS.sub("", quote).split())
    return line if len(line) <= 140 else line[:139].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    value: str
    share: int


def parts(run: Run) -> list[Part]:
    named = [(PARTS.get(name, name.replace("_", " ").capitalize()), float(value)) for name, value in run.parts.items()]
    return [Part(name, f"{value:.2f}", max(0, min(100, int(value * 100)))) for name, value in named]


@dataclass(frozen=True, slots=True)
class LicenceNote:
    proven: bool
    says: str
    why: str


def licence_note(run: Run, licence: Licence | None) -> LicenceNote:
    """In words with n, k and bound; a score that no licence covers says so."""
    if licence is None:
        return LicenceNote(False, "Not proven", run.why or "There is no licence for this intent yet: a person decides.")
    says = f"At most {percent_words(licence.bound)} wrong, {percent_words(1 - licence.delta)} sure, from {licence.n} graded"
    if run.score < licence.threshold:
        below = f"This score is {score_words(run.score)}; the licence begins at {score_words(licence.threshold)}."
        return LicenceNote(False, says, below)
    errors = f"{licence.k} of them wrong" if licence.k else "none of them wrong"
    return LicenceNote(True, says, f"{errors.capitalize()}. {run.why}".strip())
