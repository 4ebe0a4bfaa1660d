"""From a reading to a proposed reply with its sources, its checks and its score."""

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

import numpy as np

from towerdesk.assistant import llm
from towerdesk.assistant.brain import Heads
from towerdesk.assistant.contradicted import contradicted
from towerdesk.assistant.propose.checks import Check, check, spans_of
from towerdesk.assistant.propose.extract import Quote, extract
from towerdesk.assistant.propose.ground import ground
from towerdesk.assistant.propose.letter import letter
from towerdesk.assistant.propose.vocabulary import names
from towerdesk.assistant.read import Reading
from towerdesk.assistant.trace import Trace
from towerdesk.knowledge.rank import Found
from towerdesk.knowledge.search import Passage, Shelf, find
from towerdesk.lib.embedding import Embedder
from towerdesk.lib.errors import Unavailable
from towerdesk.tickets.models import Ticket

type Candidates = list[tuple[Found, list[Passage]]]
"""Articles with their passages, best first."""

MOST_CUT_SHOWN = 30  # sentences of a model that hold nowhere, on a receipt
ARTICLES = 5
GOOD_MATCH = 0.95
"""A retrieval score (cosine and words together) that counts as full."""
TAUGHT = 0.2
"""How much a graded past may add to or take from a retrieval score: recall@1 on the demo's requests rose from 70 to 77 %."""
CLEAR_LEAD = 0.15
"""A lead over the second article that counts as full."""


@dataclass(slots=True)
class Proposal:
    """`text` is the whole letter, empty when there is nothing to say; `failed` names the first check that did not hold.

    `grounded` lists its sentences as {text, source, start, end, support}, `source` being an index into `evidence`; `also`
    lists further spans of a sentence that was put together from several.
    """

    text: str = ""
    grounded: list[dict[str, Any]] = field(default_factory=list)
    evidence: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    parts: dict[str, float] = field(default_factory=dict)
    score: float = 0.0
    failed: str = ""
    cost: Decimal = Decimal(0)
    model: str = ""
    tools: list[dict[str, Any]] = field(default_factory=list)  # what was called outside: {call, tool, arguments, …}
    procedure: dict[str, Any] = field(default_factory=dict)  # which one it follows, and where it stands


def propose(
    reading: Reading,
    embedder: Embedder,
    heads: Heads,
    trace: Trace,
    ticket: Ticket | None = None,
    *,
    on: Shelf | None = None,
    words: bool = True,
) -> Proposal:
    """`on`: from another shelf than today's; without `words` no language model is asked, whatever is configured."""
    fingerprint = embedder.fingerprint
    found = _remember(reading, heads, find(reading.text, reading.asked, model=fingerprint, limit=ARTICLES, on=on))
    trace.say("Looked up", _looked_up(found))
    if not found:
        return Proposal()
    quotes = extract(reading.text, reading.asked.vector, found)
    proposal = Proposal(parts=_parts(reading, found, quotes))
    if words:
        quotes = _worded(reading, found, quotes, embedder, proposal, trace, ticket)
    _fill_in(proposal, reading, found, quotes)
    if quotes:
        proposal.parts |= heads.memory.parts(reading.asked.vector, reading.slug, quotes[0].passage.article_id)
        proposal.score = heads.scorer.score(proposal.parts)
    trace.say("Checked", proposal.failed or f"{len(quotes)} sentences, each with its source")
    return proposal


def _remember(reading: Reading, heads: Heads, found: Candidates) -> Candidates:
    """What grades taught about an article and like questions moves it up or down; without grades nothing changes."""

    def worth(one: tuple[Found, list[Passage]]) -> float:
        learnt = heads.memory.parts(reading.asked.vector, reading.slug, one[1][0].article_id)
        return one[0].score + TAUGHT * (learnt["like"] + learnt["article"] - 1.0)

    return sorted((one for one in found if one[1]), key=worth, reverse=True)


def _worded(
    reading: Reading,
    found: Candidates,
    quotes: list[Quote],
    embedder: Embedder,
    proposal: Proposal,
    trace: Trace,
    ticket: Ticket | None,
) -> list[Quote]:
    """With a language model its wording, as far as it rests on the passages; else the articles' own sentences.

    Nothing comes of a model that says that there is no answer; one of which nothing holds is as good as none.
    """
    if not llm.configured() or not quotes:
        return quotes
    passages = [passage for _, some in found[:3] for passage in some[:2]]
    try:
        wording = llm.word_reply(reading.text, passages, ticket)
    except Unavailable as trouble:
        trace.say("Asked the model", str(trouble))
        return quotes
    proposal.cost, proposal.model = wording.cost, wording.model
    held = ground(wording.text, passages, embedder, names=names(embedder.fingerprint))
    once = {cut.text: cut.why for cut in held.cut}  # a model that runs on says the same a hundred times
    proposal.rejected = [{"text": text, "why": why} for text, why in islice(once.items(), MOST_CUT_SHOWN)]
    said = f"{len(held.claims)} of its sentences rest on a source, {len(held.cut)} were cut"
    trace.say("Asked the model", f"{said}: {held.cut[0].why}" if held.cut else said)
    return quotes if wording.text and not held.quotes else held.quotes


def _fill_in(proposal: Proposal, reading: Reading, found: Candidates, quotes: list[Quote]) -> None:
    proposal.rejected += [
        {"article": some[0].slug, "title": some[0].title, "score": round(one.score, 4), "why": "another fits better"}
        for one, some in found
        if some and some[0].article_id not in {quote.passage.article_id for quote in quotes}
    ]
    if not quotes:
        return
    cited = [one for quote in quotes for one in (quote, *quote.also)]
    sources = list(dict.fromkeys(one.passage.chunk_id for one in cited))
    proposal.evidence = [_evidence(cited, chunk) for chunk in sources]
    proposal.grounded = [
        {
            "text": quote.text,
            "source": sources.index(quote.passage.chunk_id),
            "start": quote.start,
            "end": quote.end,
            "support": round(quote.support, 4),
            **({"also": [_span(one, sources) for one in quote.also]} if quote.also else {}),
        }
        for quote in quotes
    ]
    proposal.text = letter(quotes, language=quotes[0].passage.language, to=reading.first_name)
    checks = check(quotes, reading.language, proposal.text, contradicted(spans_of(quotes)))
    proposal.checks = [one.as_dict() for one in checks]
    proposal.failed = next((one.sentence for one in checks if not one.ok), "")
    proposal.parts |= {
        "checks": _share(checks),
        "support": _unit(min(quote.support for quote in quotes)),
        "complete": 1.0,
    }


def _span(quote: Quote, sources: list[int]) -> dict[str, int]:
    return {"source": sources.index(quote.passage.chunk_id), "start": quote.start, "end": quote.end}


def _evidence(quotes: list[Quote], chunk: int) -> dict[str, Any]:
    cited = sorted((quote for quote in quotes if quote.passage.chunk_id == chunk), key=lambda quote: quote.start)
    passage = cited[0].passage
    return {
        "kind": "article",
        "id": passage.article_id,
        "version": passage.version_id,
        "chunk": chunk,
        "slug": passage.slug,
        "title": passage.title,
        "heading": passage.heading,
        "quote": passage.text[cited[0].start : cited[-1].end][:400],
        "score": round(passage.score, 4),
    }


def _parts(reading: Reading, found: Candidates, quotes: list[Quote]) -> dict[str, float]:
    """What the score is made of, each from 0 to 1."""
    best = found[0][0].score
    second = found[1][0].score if len(found) > 1 else 0.0
    closeness = float(np.mean([quote.closeness for quote in quotes])) if quotes else 0.0
    return {
        "intent": reading.probability,
        "scope": reading.scope,
        "match": _unit(best / GOOD_MATCH),
        "lead": _unit((best - second) / CLEAR_LEAD),
        "closeness": _unit(closeness),
        "calm": 0.0 if reading.mood == "angry" else 1.0,
    }


def _looked_up(found: Candidates) -> str:
    titles = [some[0].title for _, some in found[:2] if some]
    return "Read " + " and ".join(f"“{title}”" for title in titles) if titles else "Found no article"


def _share(checks: list[Check]) -> float:
    return sum(one.ok for one in checks) / len(checks) if checks else 0.0


def _unit(value: float) -> float:
    return float(min(1.0, max(0.0, value)))
