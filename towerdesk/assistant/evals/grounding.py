"""How well replies are held to their sources: true sentences made wrong must be cut, honest ones must not.

The check sees a sentence and the passages that a search would have handed to the model, and nothing of what was done.
"""

import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from towerdesk.assistant.evals.corrupt import World, corrupted
from towerdesk.assistant.evals.reword import reworded
from towerdesk.assistant.propose.ground import ground
from towerdesk.assistant.propose.names import known_names, names_in
from towerdesk.knowledge.chunk import FRONT_MATTER, chunks, title_of
from towerdesk.knowledge.plain import plain
from towerdesk.knowledge.search import Passage
from towerdesk.knowledge.sentences import spans
from towerdesk.lib.embedding import Embedder

HANDED = 6
"""Passages that a model is given, the one with the sentence among them."""
FEWEST_WORDS = 4
WRAPPED = re.compile(r"(?<=[\w,;)”\"'`*])\n(?=[a-z(*`\[\"])(?![*`\[(]?[-*+] |\d+[.)] )")
"""A line break within a sentence of a file that was wrapped at a width."""
LANGUAGE = re.compile(r"^language:\s*(\w+)", re.M)


@dataclass(slots=True)
class GroundingFigures:
    """Counts for each kind of corruption and each rule of rewording."""

    tried: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    slipped: list[tuple[str, str, str]] = field(default_factory=list)  # kind, true sentence, wrong one
    lost: list[tuple[str, str, str]] = field(default_factory=list)  # rule, what was said, why it was cut
    sentences: int = 0
    seconds: float = 0.0

    def as_dict(self) -> dict[str, object]:
        tried, said = sum(self.tried.values()), sum(self.said.values()) - self.said["quoted"]
        cut = sum(self.cut.values()) - self.cut["quoted"]
        return {
            "sentences": self.sentences,
            "corruptions": tried,
            "caught": _share(sum(self.caught.values()), tried),
            **{f"caught: {kind}": f"{_share(self.caught[kind], n)} of {n}" for kind, n in sorted(self.tried.items())},
            "quoted": self.said["quoted"],
            "false cuts of quotes": _share(self.cut["quoted"], self.said["quoted"]),
            "reworded": said,
            "false cuts of rewordings": _share(cut, said),
            **{
                f"false cuts: {rule}": f"{_share(self.cut[rule], n)} of {n}"
                for rule, n in sorted(self.said.items())
                if rule != "quoted"
            },
            "ms_per_sentence": round(1000 * self.seconds / max(1, tried + said), 2),
        }


def evaluate(
    articles: dict[str, str], *, embedder: Embedder, seed: int = 0, most: int | None = None
) -> GroundingFigures:
    """`articles` maps an id to its Markdown; `most` sentences are taken, evenly from all of them."""
    passages = list(_passages(articles, embedder))
    names = known_names(plain(passage.text) for passage in passages if passage.language != "de")
    world = world_of([passage for passage in passages if passage.language == "en"])
    figures = GroundingFigures()
    started = time.process_time()
    for passage, sentence in _some(passages, most):
        figures.sentences += 1
        handed = _handed(passage, passages)
        told_of = f"{passage.heading} {passage.title} {passage.slug.replace('-', ' ')}".lower()
        others = World(world.names, tuple(one for one in world.products if one.lower() not in told_of))
        _judge(figures, sentence, handed, embedder, names, others if passage.language == "en" else World((), ()), seed)
    figures.seconds = time.process_time() - started
    return figures


def _judge(
    figures: GroundingFigures,
    sentence: str,
    handed: Sequence[Passage],
    embedder: Embedder,
    names: frozenset[str],
    world: World,
    seed: int,
) -> None:
    for kind, wrong in corrupted(sentence, world, seed).items():
        figures.tried[kind] += 1
        found = ground(wrong, handed, embedder, names=names)
        figures.caught[kind] += bool(found.cut)
        if not found.cut:
            on = " + ".join(quote.passage.text[quote.start : quote.end] for quote in found.claims[0].quotes)
            figures.slipped.append((kind, sentence, f"{wrong} ⟵ {on}"))
    for rule, honest in {"quoted": sentence, **reworded(sentence)}.items():
        figures.said[rule] += 1
        cut = ground(honest, handed, embedder, names=names).cut
        figures.cut[rule] += bool(cut)
        figures.lost += [(rule, honest, cut[0].why)] if cut else []


def world_of(passages: Sequence[Passage]) -> World:
    """Names that stand in several articles are products and plans; the rest are names, too."""
    where: dict[str, set[int]] = {}
    for passage in passages:
        for found in re.finditer(r"(?<=[a-z,] )(?:[A-Z][\w-]+)(?: \d+\b)?", plain(passage.text)):
            where.setdefault(found.group(), set()).add(passage.article_id)
    often = sorted(where, key=lambda name: (-len(where[name]), name))
    products = tuple(name for name in often[:8] if len(name) > 2 and names_in(f"the {name}"))
    return World(tuple(often[:60]), products)


def _passages(articles: dict[str, str], embedder: Embedder) -> Iterator[Passage]:
    number = 0
    for at, (slug, markdown) in enumerate(articles.items()):
        title = title_of(markdown) or slug
        language = LANGUAGE.search(markdown[:600])
        body = WRAPPED.sub(" ", FRONT_MATTER.sub("", markdown, count=1))
        for chunk in chunks(body, title):
            found = tuple(spans(body, chunk.start, chunk.end))
            if not found:
                continue
            number += 1
            vectors = embedder.embed([plain(body[start:end]) for start, end in found])
            heading = ". ".join((title, *chunk.path))
            yield Passage(
                at, at, number, slug, title, heading, body, chunk.start, found, vectors, 0.8,
                language[1] if language else "en",
            )  # fmt: skip


def _some(passages: Sequence[Passage], most: int | None) -> list[tuple[Passage, str]]:
    everything = [
        (passage, sentence)
        for passage in passages
        for start, end in passage.sentences
        if len((sentence := plain(passage.text[start:end])).split()) >= FEWEST_WORDS and not sentence.endswith(":")
    ]
    every = max(1, len(everything) // most) if most else 1
    return everything[::every][:most]


def _handed(passage: Passage, passages: Sequence[Passage]) -> list[Passage]:
    """The passage itself and those nearest to it, as a search would find them; the same language."""
    centre = passage.sentence_vectors.mean(axis=0)
    rest = [one for one in passages if one is not passage and one.language == passage.language]
    near = sorted(rest, key=lambda one: -float(np.max(one.sentence_vectors @ centre)))
    return [passage, *near[: HANDED - 1]]


def _share(count: int, of: int) -> float | None:
    return round(count / of, 4) if of else None
