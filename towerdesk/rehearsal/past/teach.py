"""The heads as they could have been at a moment: taught by what was resolved and graded before, and nothing else."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np

from towerdesk.assistant.brain import MOST_EXAMPLES, Heads, weigh
from towerdesk.assistant.learn import question_of
from towerdesk.assistant.memory import Lesson, Memory
from towerdesk.assistant.score import Scorer
from towerdesk.assistant.understand.gist import gist
from towerdesk.assistant.understand.intents import IntentModel
from towerdesk.assistant.understand.train import train
from towerdesk.knowledge.index import unpack
from towerdesk.lib.embedding import Embedder, Vectors
from towerdesk.lib.errors import Invalid
from towerdesk.rehearsal.models import ReplayItem
from towerdesk.rehearsal.past.story import label_at, message_of, time_of
from towerdesk.tickets.models import Intent

SEED = 0


@dataclass(frozen=True, slots=True)
class Taught:
    """`examples` resolved tickets and `grades` taught these heads, all known before `since`."""

    period: int
    since: datetime
    heads: Heads
    examples: int
    grades: int


def period_of(moment: datetime, begin: datetime, days: int) -> int:
    """How often the heads have been trained since `begin`; with 0 days they never are."""
    return (moment - begin) // timedelta(days=days) if days else 0


def taught(
    items: Iterable[ReplayItem], intents: Sequence[Intent], since: datetime, period: int, embedder: Embedder
) -> Taught:
    """`items` are looked at one by one for what was known of them before `since`."""
    before = [item for item in items if item.at < since]
    examples = _examples(before, since)
    lessons = [_lesson(item) for item in before if _is_graded(item, since)]
    scorer, memory = weigh(lessons) if lessons else (Scorer.prior(), Memory.empty())
    heads = Heads(_intent_model(examples, intents, embedder), scorer, memory)
    return Taught(period, since, heads, sum(map(len, examples.values())), len(lessons))


def _examples(items: Iterable[ReplayItem], since: datetime) -> dict[str, list[ReplayItem]]:
    """By intent as it was known then, the newest first."""
    found: dict[str, list[ReplayItem]] = defaultdict(list)
    for item in items:
        known = time_of(item, "taught_at")
        if known is not None and known < since and item.vector and (slug := label_at(item, since)):
            found[slug].append(item)
    return {slug: sorted(some, key=lambda one: one.at, reverse=True)[:MOST_EXAMPLES] for slug, some in found.items()}


def _is_graded(item: ReplayItem, since: datetime) -> bool:
    known = item.known_at is not None and item.known_at < since
    return known and bool(item.verdict and item.evidence and item.vector)


def _lesson(item: ReplayItem) -> tuple[dict[str, float], Lesson]:
    vector = unpack(item.vector)[0]
    return item.parts, Lesson(vector, item.intent, item.evidence[0]["id"], item.verdict == "right")


def _intent_model(
    examples: dict[str, list[ReplayItem]], intents: Sequence[Intent], embedder: Embedder
) -> IntentModel | None:
    texts, labels, known = [], [], []
    said = {intent.slug: list(intent.examples) for intent in intents}
    for slug, sentences in said.items():
        texts += [gist(sentence) for sentence in sentences]
        labels += [slug] * len(sentences)
    given = embedder.embed(texts) if texts else np.zeros((0, embedder.dimension), np.float32)
    for slug in said:
        for item in examples.get(slug, ()):
            texts.append(gist(question_of(message_of(item))))
            labels.append(slug)
            known.append(unpack(item.vector)[0])
    described = {intent.slug: f"{intent.name}. {intent.description}" for intent in intents}
    vectors = np.concatenate([given, np.stack(known)]) if known else given
    return _trained(tuple(texts), tuple(labels), tuple(sorted(described.items())), Given(vectors, embedder))


class Given:
    """The vectors of texts beside which they stand: the same texts and the same model have the same."""

    def __init__(self, vectors: Vectors, embedder: Embedder) -> None:
        self.vectors, self.embedder = vectors, embedder

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Given) and self.embedder.fingerprint == other.embedder.fingerprint

    def __hash__(self) -> int:
        return hash(self.embedder.fingerprint)


@lru_cache(4)
def _trained(
    texts: tuple[str, ...],
    labels: tuple[str, ...],
    described: tuple[tuple[str, str], ...],
    given: Given,
) -> IntentModel | None:
    """The same lessons give the same model, and two replays often begin with the same."""
    try:
        return train(texts, labels, dict(described), embedder=given.embedder, seed=SEED, vectors=given.vectors)
    except Invalid:
        return None  # nothing to learn from yet: every ticket goes to people, as on a new desk
