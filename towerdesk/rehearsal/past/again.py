"""Decide about one receipt again, with the heads, the articles and the words of its own moment, and compare."""

import hashlib
from dataclasses import dataclass
from typing import Any

from towerdesk.assistant.brain import heads_at
from towerdesk.assistant.consider import fingerprint
from towerdesk.assistant.models import Run
from towerdesk.assistant.propose import Proposal, propose
from towerdesk.assistant.read import Reading, read
from towerdesk.assistant.trace import Trace
from towerdesk.knowledge.then import Library
from towerdesk.lib.embedding import Embedder
from towerdesk.lib.errors import NotFound
from towerdesk.rehearsal.past.agree import HOST
from towerdesk.tickets.models import Message

SLACK = 0.005
"""Scores this near count as the same: vectors are stored in half precision."""


@dataclass(frozen=True, slots=True)
class Again:
    """`differences`: (what, as recorded, as decided now). `same_decider`: model, heads, prompts and policy are those of then."""

    run: int
    same_decider: bool
    differences: tuple[tuple[str, str, str], ...]
    outcome: str

    @property
    def same(self) -> bool:
        return not self.differences

    def as_dict(self) -> dict[str, Any]:
        told = [{"what": what, "was": was, "now": now} for what, was, now in self.differences]
        return {
            "run": self.run,
            "same": self.same,
            "same_decider": self.same_decider,
            "differences": told,
            "outcome": self.outcome,
        }

    def lines(self) -> list[str]:
        who = (
            "by the same decider"
            if self.same_decider
            else "by another decider: model, heads, prompts or policy have changed"
        )
        if self.same:
            return [f"Receipt {self.run}: decided again {who}, nothing differs (it was: {self.outcome})."]
        told = [f"  {what}: was {was or 'nothing'}, now {now or 'nothing'}" for what, was, now in self.differences]
        return [f"Receipt {self.run}: decided again {who}, and {len(told)} things differ:", *told]


def again(run_id: int, embedder: Embedder) -> Again:
    """Raises `NotFound`. Asks no language model: where one worded the reply its words are not compared."""
    run = Run.objects.select_related("receipt", "message").filter(pk=run_id).first()
    if run is None or not hasattr(run, "receipt"):
        raise NotFound(f"There is no receipt {run_id}.")
    body, heads = run.receipt.body, heads_at(run.at)
    message = _as_read(run.message, body)
    reading = read(message, heads, embedder, Trace())
    proposal = propose(reading, embedder, heads, Trace(), on=Library(embedder).at(run.at), words=False)
    return Again(
        run.pk,
        fingerprint(heads, embedder) == body["fingerprint"],
        tuple(_differences(body, reading, proposal)),
        body["judgement"]["outcome"],
    )


def _as_read(message: Message, body: dict[str, Any]) -> Message:
    """The words that the receipt says were read, whatever became of the message."""
    return Message(
        direction="in",
        public=True,
        visible=body["read"]["text"],
        author_name=message.author_name,
        auto=message.auto,
        trust=message.trust,
    )


def _differences(body: dict[str, Any], reading: Reading, proposal: Proposal) -> list[tuple[str, str, str]]:
    pairs = [
        ("intent", body["intent"]["slug"], reading.slug),
        ("language", body["read"]["language"], reading.language),
        ("articles", _cited(body["evidence"]), _cited(proposal.evidence)),
        ("checks", _failed(body["checks"]), _failed(proposal.checks)),
    ]
    if not body["model"]:
        pairs.append(("reply", _digest(body["reply"]), _digest(proposal.text)))
    found = [(what, str(was), str(now)) for what, was, now in pairs if was != now]
    if abs(body["score"]["value"] - proposal.score) > SLACK:
        found.append(("score", f"{body['score']['value']:.3f}", f"{proposal.score:.3f}"))
    return found


def _cited(evidence: list[dict[str, Any]]) -> str:
    return ", ".join(f"{one.get('slug', one['id'])} (version {one.get('version', '?')})" for one in evidence)


def _failed(checks: list[dict[str, Any]]) -> str:
    return ", ".join(one["name"] for one in checks if not one["ok"])


def _digest(text: str) -> str:
    text = HOST.sub("/help/", text)  # wherever the help centre was
    return f"{len(text)} characters, {hashlib.sha256(text.encode()).hexdigest()[:8]}" if text else ""
