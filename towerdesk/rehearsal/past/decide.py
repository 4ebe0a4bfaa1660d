"""Decide about one past ticket with the parts that decide today: read, retrieve, propose, check, judge. Nothing is sent."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np

from towerdesk.assistant import policy
from towerdesk.assistant.brain import Heads
from towerdesk.assistant.learn import question_of
from towerdesk.assistant.propose import Proposal, propose
from towerdesk.assistant.read import Reading, read
from towerdesk.assistant.trace import Trace
from towerdesk.assistant.understand.gist import gist
from towerdesk.knowledge.index import pack, unpack
from towerdesk.knowledge.search import Shelf
from towerdesk.lib.embedding import Embedder, Vectors
from towerdesk.rehearsal.models import ReplayItem
from towerdesk.rehearsal.past.story import message_of
from towerdesk.tickets.models import Intent, Message, Ticket

GOES_ON = "We had written to them before they wrote"

KINDS = {
    "": "Could be answered",
    "machine": "Written by a machine",
    "unclear": "Not clear what it is about",
    "no_article": "No article answers it",
    "check": "A check did not hold",
    "caution": "Something in the message wants a person",
    "off": "The assistant is switched off for it",
}


@dataclass(frozen=True, slots=True)
class Tools:
    """What decides: the model, and the intents by slug."""

    embedder: "Remembering"
    intents: Mapping[str, Intent]

    def intent(self, slug: str) -> Intent | None:
        return self.intents.get(slug)


class Remembering:
    """An embedder that is not asked twice for the same text: a question's vector was stored, answers repeat."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    @property
    def name(self) -> str:
        return self._embedder.name

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    @property
    def fingerprint(self) -> str:
        return self._embedder.fingerprint

    def embed(self, texts: Sequence[str]) -> Vectors:
        if len(texts) > 1:
            return self._embedder.embed(texts)
        return self.one(texts[0])[None]

    def one(self, text: str) -> Vectors:
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._embedder.embed([text])[0]
        return found

    def know(self, text: str, vector: Vectors) -> None:
        self._known[text] = vector

    def forget(self) -> None:
        self._known.clear()


def decide(item: ReplayItem, heads: Heads, shelf: Shelf, tools: Tools) -> Proposal:
    """Fills in what the assistant would have done; the verdict is somebody else's."""
    message, trace = message_of(item), Trace()
    if item.vector:
        tools.embedder.know(gist(question_of(message)), np.array(unpack(item.vector)[0]))
    reading = read(message, heads, tools.embedder, trace, known=tools.intent)
    proposal = propose(reading, tools.embedder, heads, trace, on=shelf, words=False)
    _judge(item, message, reading, proposal)
    made = reading.asked.made
    item.vector = item.vector or (None if made is None else pack(made))
    item.intent, item.probability = reading.slug, reading.probability
    item.risk = reading.intent.risk if reading.intent else ""
    item.score, item.parts, item.reply, item.evidence = (
        proposal.score,
        proposal.parts,
        proposal.text,
        proposal.evidence,
    )
    return proposal


def _judge(item: ReplayItem, message: Message, reading: Reading, proposal: Proposal) -> None:
    """As the policy would at the step “suggests”: what stands in the way of an answer, licences apart."""
    caution = GOES_ON if item.told["goes_on"] and not reading.caution else reading.caution
    if message.auto and message.auto not in ("list", "bulk"):
        item.eligible, item.kind, item.why = False, "machine", "Automatic mail is not answered"
        return
    intent = copy(reading.intent)
    if intent is not None:
        intent.level = "suggest"
    said = policy.judge(
        Ticket(), message, intent, score=proposal.score, proposed=bool(proposal.text), failed=proposal.failed,
        caution=caution,
    )  # fmt: skip
    item.eligible = said.outcome == "draft" and policy.is_eligible(
        message, proposed=bool(proposal.text), failed=proposal.failed, caution=caution
    )
    item.why = "" if item.eligible else said.why[:300]
    item.kind = _kind(item, reading, proposal, caution)


def _kind(item: ReplayItem, reading: Reading, proposal: Proposal, caution: str) -> str:
    if item.eligible:
        return ""
    if caution:
        return "caution"
    if reading.intent is None:
        return "unclear"
    if not proposal.text or proposal.score < policy.LEAST_SCORE:
        return "no_article"
    return "check" if proposal.failed else "machine"
