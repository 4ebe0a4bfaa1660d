"""The trained heads in use: what tells intents apart, and what weighs a proposal. Kept in the database, cached in memory."""

from dataclasses import dataclass
from threading import Lock

from django.db import transaction

from towerdesk.assistant.models import Brain, Grade, Solved
from towerdesk.assistant.score import Scorer
from towerdesk.assistant.understand.intents import IntentModel
from towerdesk.assistant.understand.train import train
from towerdesk.lib.embedding import Embedder
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.models import Intent

FEWEST_INTENTS = 2
MOST_EXAMPLES = 400  # of resolved tickets per intent, the newest


@dataclass(frozen=True, slots=True)
class Heads:
    """`intents` is None until something was trained: then every ticket goes to people."""

    intents: IntentModel | None
    scorer: Scorer

    @property
    def fingerprint(self) -> str:
        return f"{self.intents.fingerprint if self.intents else 'untrained'}/{self.scorer.fingerprint}"


_heads: tuple[tuple[int, int], Heads] | None = None
_lock = Lock()


def heads() -> Heads:
    """The newest heads; one cheap query tells whether the ones in memory still are."""
    global _heads
    newest = (_newest_id("intents"), _newest_id("score"))
    with _lock:
        if _heads is None or _heads[0] != newest:
            _heads = newest, _load(*newest)
        return _heads[1]


def train_intents(embedder: Embedder, *, seed: int = 0) -> Brain:
    """Learn from the taxonomy's examples and from resolved tickets whose intent a person let stand.

    The old head stays in use until the new one is stored. Raises `Invalid` when there is too little to learn from.
    """
    texts, labels = _lessons()
    described = {intent.slug: f"{intent.name}. {intent.description}" for intent in Intent.objects.filter(active=True)}
    if len(set(labels)) < FEWEST_INTENTS:
        raise Invalid("There is too little to learn from: give at least two intents a few example sentences each.")
    model = train(texts, labels, described, embedder=embedder, seed=seed)
    return _keep("intents", model.dumps(), model.fingerprint, {"texts": len(texts), "intents": len(set(labels))})


def fit_score() -> Brain | None:
    """Fit the score on the grades there are. What was graded before no longer certifies: licences start anew."""
    graded = Grade.objects.select_related("run").order_by("id")
    rows = [(grade.run.parts, grade.right) for grade in graded]
    scorer = Scorer.fit(rows)
    if not scorer.is_fitted:
        return None
    return _keep("score", scorer.dumps().encode(), scorer.fingerprint, {"grades": len(rows)})


def _lessons() -> tuple[list[str], list[str]]:
    texts, labels = [], []
    for intent in Intent.objects.filter(active=True):
        solved = Solved.objects.filter(ticket__intent=intent).order_by("-at").values_list("question", flat=True)
        for text in [*intent.examples, *solved[:MOST_EXAMPLES]]:
            texts.append(text)
            labels.append(intent.slug)
    return texts, labels


def _keep(name: str, content: bytes, fingerprint: str, measured: dict[str, int]) -> Brain:
    with transaction.atomic():
        Brain.objects.filter(name=name, active=True).update(active=False)
        return Brain.objects.create(name=name, content=content, fingerprint=fingerprint, measured=measured)


def _newest_id(name: str) -> int:
    return Brain.objects.filter(name=name, active=True).order_by("-id").values_list("id", flat=True).first() or 0


def _load(intents: int, score: int) -> Heads:
    brains = Brain.objects.in_bulk([intents, score])
    return Heads(
        IntentModel.loads(bytes(brains[intents].content)) if intents in brains else None,
        Scorer.loads(bytes(brains[score].content).decode()) if score in brains else Scorer.prior(),
    )
