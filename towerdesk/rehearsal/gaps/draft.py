"""Draft an article for a gap from what people wrote: their sentences, once each, with the tickets they come from.

A sentence is taken when people sent it, in like words, on two tickets or more; courtesies that they send everywhere,
questions, and names, addresses and numbers of one customer are left out. The newest third of the tickets lends nothing:
on them it is tried whether the draft answers what it has not seen. Where a language model is set up it may word the
draft; what does not rest on the sentences is cut.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import QuerySet

from towerdesk.assistant import llm
from towerdesk.assistant.propose.ground import ground
from towerdesk.knowledge.index import unpack
from towerdesk.knowledge.models import Article, Chunk, Version
from towerdesk.knowledge.search import Passage
from towerdesk.knowledge.sentences import spans
from towerdesk.knowledge.then import passages_of
from towerdesk.lib.actor import Actor
from towerdesk.lib.embedding import Embedder, Vectors
from towerdesk.lib.errors import Unavailable
from towerdesk.rehearsal.models import Draft, Gap
from towerdesk.tickets.models import Message

ALIKE = 0.15  # sentences nearer than this (1 - cosine) say the same
FEWEST_TICKETS = 2
FEWEST_WORDS, MOST_WORDS = 4, 60
MOST_SENTENCES = 12
MOST = 400  # sentences that are looked at
FEW = 6  # with fewer tickets than this all of them lend sentences
LOOKED_AROUND, FEWEST_ELSEWHERE = 400, 3  # answers on other tickets; so often there makes a sentence a courtesy
TOO_DIFFERENT = (
    "No sentence was sent on two of these tickets: people answered too differently. Write the article by hand."
)
COURTESY = re.compile(
    r"^(hello|hi|dear|good (day|morning|afternoon)|thank(s| you)|kind regards|best( wishes)?|sorry|(i am|we are) sorry|have a |"
    r"you can read more|if this does not|guten tag|mit freundlichen|bonjour|cordialement|hola|un saludo)\b",
    re.I,
)
OF_ONE = re.compile(r"[\w.+-]+@[\w-]+\.\w+|\b[A-Z]{0,4}-?\d{5,}\b|https?://\S+")


@dataclass(frozen=True, slots=True)
class Sent:
    """A sentence of a person's answer; `place` is where in the answer it stood, 0 to 1."""

    text: str
    ticket: int
    place: float


def ask_draft(gap: Gap, *, by: Actor) -> Draft:
    """An empty one; `fill_in` makes it, in the worker, which holds the model."""
    by.must("article.write")
    by.must("ticket.read_all")
    title = gap.name[:1].upper() + gap.name[1:]
    return Draft.objects.create(gap=gap, title=title[:200], tickets=gap.tickets, state="making", by_name=by.name)


def fill_in(draft: Draft, embedder: Embedder) -> None:
    """It says why, when people answered too differently to make an article of it."""
    sentences = said_alike(draft.tickets, embedder)
    if sentences:
        draft.sentences, draft.state = sentences, "open"
        draft.text, draft.worded_by = _worded(draft.title, "\n\n".join(str(one["text"]) for one in sentences), embedder)
    else:
        draft.state, draft.trouble = "failed", TOO_DIFFERENT
    draft.save()


def said_alike(tickets: Sequence[int], embedder: Embedder) -> list[dict[str, Any]]:
    """[{text, tickets, times, place}]: what people sent in like words on two of these tickets or more."""
    return _chosen(_sent(tickets), embedder)


def lenders(tickets: Sequence[int]) -> list[int]:
    """The older two thirds; of very few tickets all."""
    older = sorted(tickets)
    return older if len(older) < FEW else older[: len(older) * 2 // 3]


def _sent(tickets: Sequence[int]) -> list[Sent]:
    answers = _answers().filter(ticket__in=lenders(tickets)).select_related("ticket__requester").order_by("id")
    everywhere, found = _courtesies(tickets), list[Sent]()
    for message in answers:
        name, pieces = message.ticket.requester.name, _pieces(message)
        found += [
            Sent(piece, message.ticket_id, at / max(1, len(pieces) - 1))
            for at, piece in enumerate(pieces)
            if piece.lower() not in everywhere and _tells(piece, name, message.author_name)
        ]
    return found[-MOST:]


def _answers() -> "QuerySet[Message]":
    return Message.objects.filter(direction="out", public=True, author_kind__in=("agent", "key"))


def _pieces(message: Message) -> list[str]:
    return [message.visible[begin:end].strip() for begin, end in spans(message.visible)]


def _courtesies(tickets: Sequence[int]) -> set[str]:
    """What people write on all kinds of tickets says nothing about these."""
    said = Counter(
        piece.lower()
        for message in _answers().exclude(ticket__in=tickets).order_by("-id")[:LOOKED_AROUND]
        for piece in set(_pieces(message))
    )
    return {piece for piece, times in said.items() if times >= FEWEST_ELSEWHERE}


def _tells(sentence: str, *names: str) -> bool:
    """Something that would be true for others, too."""
    words = len(sentence.split())
    if not FEWEST_WORDS <= words <= MOST_WORDS or sentence.endswith("?"):
        return False
    if COURTESY.match(sentence) or OF_ONE.search(sentence):
        return False
    said = set(re.findall(r"\w+", sentence.lower()))
    return not any(part in said for name in names for part in name.lower().split() if len(part) > 2)


def _chosen(sent: Sequence[Sent], embedder: Embedder) -> list[dict[str, Any]]:
    """Of each group of like sentences the most central one, in the order in which people said them."""
    if len(sent) < FEWEST_TICKETS:
        return []
    vectors = embedder.embed([one.text for one in sent])
    groups = [[sent[at] for at in rows] for rows in _alike(vectors)]
    centres = [_centre(rows, vectors) for rows in _alike(vectors)]
    told = [
        {
            "text": sent[centre].text,
            "tickets": sorted({one.ticket for one in group}),
            "times": len(group),
            "place": float(np.mean([one.place for one in group])),
        }
        for group, centre in zip(groups, centres, strict=True)
    ]
    often = [one for one in told if len(one["tickets"]) >= FEWEST_TICKETS]  # type: ignore[arg-type]
    most = sorted(often, key=lambda one: (-len(one["tickets"]), str(one["text"])))[:MOST_SENTENCES]  # type: ignore[arg-type]
    return sorted(most, key=lambda one: (one["place"], str(one["text"])))


def _alike(vectors: Vectors) -> list[list[int]]:
    from sklearn.cluster import AgglomerativeClustering

    found = AgglomerativeClustering(
        n_clusters=None, distance_threshold=ALIKE, metric="cosine", linkage="average"
    ).fit_predict(vectors + 1e-9)
    groups: dict[int, list[int]] = defaultdict(list)
    for row, number in enumerate(found):
        groups[int(number)].append(row)
    return list(groups.values())


def _centre(rows: Sequence[int], vectors: Vectors) -> int:
    middle = vectors[list(rows)].mean(axis=0)
    return max(rows, key=lambda row: float(vectors[row] @ middle))


def _worded(title: str, text: str, embedder: Embedder) -> tuple[str, str]:
    """A model's wording as far as it rests on the sentences; else the sentences themselves."""
    if not llm.configured():
        return text, ""
    passages = [passage_of(chunk) for chunk in passages_of(version_of(title, text), embedder)]
    try:
        wording = llm.word_reply(f"Write a help article: {title}", passages)
    except Unavailable:
        return text, ""
    told = "\n\n".join(claim.text for claim in ground(wording.text, passages, embedder).claims)
    return (told, wording.model) if told else (text, "")


NUMBER = 2_000_000_001
"""Key of a draft's article and version while it is tried: no row has it."""


def version_of(title: str, text: str) -> Version:
    """The draft as an article that is in no table."""
    article = Article(pk=NUMBER, slug="draft", title=title, language="en")
    return Version(pk=NUMBER, article=article, number=1, title=title, text=text)


def passage_of(chunk: Chunk) -> Passage:
    version = chunk.version
    return Passage(
        article_id=version.article_id,
        version_id=version.pk,
        chunk_id=chunk.pk,
        slug=version.article.slug,
        title=version.title,
        heading=chunk.heading,
        text=version.text,
        start=chunk.start,
        sentences=tuple((begin, end) for begin, end in chunk.sentences),
        sentence_vectors=unpack(chunk.sentence_vectors),
        score=1.0,
        language=version.article.language,
    )
