"""Sentences of published articles that can't both be true: found in passing, shown to people, and never sent alone."""

from collections.abc import Iterator, Sequence

import numpy as np
from django.db import transaction
from django.db.models import Count, Max

from towerdesk.assistant.models import Contradiction
from towerdesk.assistant.propose.extract import step_at
from towerdesk.assistant.propose.facts import Fact, facts_in
from towerdesk.assistant.propose.names import capitals_in, known_names
from towerdesk.assistant.propose.rests import stems
from towerdesk.assistant.propose.turns import opposite, turns_of
from towerdesk.events.record import record
from towerdesk.knowledge.index import unpack
from towerdesk.knowledge.models import Article, Chunk, Version
from towerdesk.knowledge.plain import plain
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.text import one_line, storable

NEAR = 0.72
"""Least cosine of two sentences that are about the same thing."""
SAME_WORDS = 0.6
"""The share of the shorter one's words that both must have, numbers and names apart."""
OF_THE_LONGER = 0.45
FEWEST_WORDS = 3
AT_ONCE = 512


class Line:
    """One sentence of a published article, with what is compared of it."""

    def __init__(self, version: Version, start: int, end: int, names: frozenset[str]) -> None:
        self.version, self.start, self.end = version.pk, start, end
        self.text = plain(version.text[start:end])
        self.is_step = step_at(version.text, start) is not None
        self.names = capitals_in(self.text) & names
        self.titled = capitals_in(version.title) & names
        self.words = stems(self.text) - {name[:7] for name in self.names}
        self.facts = [fact for fact in facts_in(self.text) if fact.kind != "code"]


def disagreements(by: Actor) -> list[Contradiction]:
    """Open ones between articles that this actor may read, each with `one_text` and `other_text`."""
    readable = Article.objects.visible_to(by).values("pk")
    found = Contradiction.objects.filter(settled_at=None, one__article__in=readable, other__article__in=readable)
    pairs = list(found.select_related("one", "other").order_by("id")[:50])
    for pair in pairs:
        pair.one_text = plain(pair.one.text[pair.one_start : pair.one_end])  # type: ignore[attr-defined]
        pair.other_text = plain(pair.other.text[pair.other_start : pair.other_end])  # type: ignore[attr-defined]
    return pairs


_looked_at: object = None


def find_if_changed() -> int:
    """Each minute: nothing but one cheap query while nothing was published, retired or indexed, nor while some of it has
    its vectors of one model and some of another.
    """
    global _looked_at
    asked = {"n": Count("id"), "last": Max("id"), "newest_model": Max("model"), "models": Count("model", distinct=True)}
    state = Chunk.objects.filter(live=True).exclude(sentence_vectors=None).aggregate(**asked)
    if state == _looked_at or state["models"] > 1:
        return 0
    found = find_contradictions()
    _looked_at = state
    return found


def find_contradictions() -> int:
    """Compare what is published with itself; new pairs are written down, those whose article changed go. Safe to repeat."""
    lines, vectors = _lines()
    found = list(_pairs(lines, vectors))
    current = {line.version for line in lines}
    Contradiction.objects.exclude(one_id__in=current, other_id__in=current).filter(settled_at=None).delete()
    return sum(_keep(one, other, why) for one, other, why in found)


def settle_contradiction(found: Contradiction, why: str, *, by: Actor) -> None:
    """A person says that both are true. When one is wrong, the article is changed instead, and the pair goes by itself."""
    by.must("article.write")
    if not why.strip():
        raise Invalid("Say in a few words why both are true: others will wonder, too.")
    with transaction.atomic():
        held = Contradiction.objects.select_for_update().get(pk=found.pk)
        if held.settled_at is not None:
            raise Conflict(f"{held.settled_by} has settled this already.")
        held.settled_at, held.settled_by, held.settled_why = now(), by.name[:200], one_line(storable(why), 300)
        held.save(update_fields=["settled_at", "settled_by", "settled_why"])
        articles = [held.one.article_id, held.other.article_id]
        record("contradiction.settled", by=by, subject=held.pk, articles=articles, why=held.settled_why)


def differs(one: Line, other: Line) -> str:
    """What makes them contradict each other, in words; empty when they do not."""
    if not _about_the_same(one, other):
        return ""
    said, there = turns_of(one.text), turns_of(other.text)
    if _facts_differ(one.facts, other.facts):
        return _in_words(one.facts, other.facts)
    if one.facts == [] == other.facts or _values(one.facts) == _values(other.facts):
        if said["not"] != there["not"] and min(said["not"], there["not"]) == 0 and _alike(one, other):
            return "One denies what the other says"
        if _alike(one, other) and (turned := opposite(one.text, other.text)):
            return f"One says {turned}"
    return ""


def _about_the_same(one: Line, other: Line) -> bool:
    """The same names, titles that do not name different products, most words in common; and not a step of each of two ways."""
    if one.names != other.names or (one.is_step and other.is_step):
        return False
    if not (one.titled <= other.titled or other.titled <= one.titled):
        return False
    least, most = sorted((len(one.words), len(other.words)))
    common = len(one.words & other.words)
    return least >= FEWEST_WORDS and common / least >= SAME_WORDS and common / most >= OF_THE_LONGER


def _alike(one: Line, other: Line) -> bool:
    return len(one.words & other.words) / max(1, len(one.words | other.words)) >= 0.6


def _values(facts: Sequence[Fact]) -> list[tuple[str, str]]:
    return sorted((fact.value, fact.unit) for fact in facts)


def _facts_differ(one: Sequence[Fact], other: Sequence[Fact]) -> bool:
    """As many of each kind, in the same units, and some of them with other values."""
    kinds = [sorted((fact.kind, fact.unit) for fact in facts) for facts in (one, other)]
    if not one or kinds[0] != kinds[1]:
        return False
    here, there = _values(one), _values(other)
    wrong = [pair for pair in here if pair not in there]
    return bool(wrong) and len(wrong) <= max(1, len(here) // 2)


def _in_words(one: Sequence[Fact], other: Sequence[Fact]) -> str:
    here = [fact.said for fact in one if not any(fact.fits(there) for there in other)]
    there = [fact.said for fact in other if not any(fact.fits(said) for said in one)]
    return f"One says {here[0]}, the other {there[0]}" if here and there else "Their numbers differ"


def _lines() -> tuple[list[Line], "np.ndarray[tuple[int, int], np.dtype[np.float32]]"]:
    chunks = Chunk.objects.filter(live=True, version__article__audience="public", version__article__status="published")
    rows = list(chunks.exclude(sentence_vectors=None).select_related("version__article").order_by("id"))
    names = known_names(plain(row.text) for row in rows if row.version.article.language != "de")
    lines, vectors = [], []
    for row in rows:
        for start, end in row.sentences:
            lines.append(Line(row.version, start, end, names))
        vectors.append(unpack(row.sentence_vectors))
    return lines, np.concatenate(vectors) if vectors else np.zeros((0, 384), np.float32)


def _pairs(
    lines: Sequence[Line], vectors: "np.ndarray[tuple[int, int], np.dtype[np.float32]]"
) -> Iterator[tuple[Line, Line, str]]:
    for begin in range(0, len(lines), AT_ONCE):
        near = vectors[begin : begin + AT_ONCE] @ vectors.T
        for row, column in zip(*np.nonzero(near >= NEAR), strict=True):
            one, other = begin + int(row), int(column)
            if one >= other or lines[one].version == lines[other].version:
                continue
            if why := differs(lines[one], lines[other]):
                yield lines[one], lines[other], why


def _keep(one: Line, other: Line, why: str) -> bool:
    first, second = sorted((one, other), key=lambda line: (line.version, line.start))
    _, made = Contradiction.objects.get_or_create(
        one_id=first.version,
        one_start=first.start,
        other_id=second.version,
        other_start=second.start,
        defaults={"one_end": first.end, "other_end": second.end, "why": why[:200], "found_at": now()},
    )
    return made
