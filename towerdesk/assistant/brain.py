"""The trained heads in use: what tells intents apart, and what weighs a proposal. Kept in the database, cached in memory."""

from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from django.db import transaction
from django.db.models import QuerySet

from towerdesk.assistant.memory import Lesson, Memory
from towerdesk.assistant.models import Brain, Grade, Solved
from towerdesk.assistant.score import Scorer
from towerdesk.assistant.understand.gist import fingerprint, gist
from towerdesk.assistant.understand.intents import IntentModel
from towerdesk.assistant.understand.train import train
from towerdesk.knowledge.index import unpack
from towerdesk.lib.compiled import compiled
from towerdesk.lib.embedding import Embedder
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.models import Intent
from towerdesk.tickets.taxonomy import taxonomy

type Graded = list[tuple[dict[str, float], Lesson]]

FEWEST_INTENTS = 2
MOST_EXAMPLES = 400  # of resolved tickets per intent, the newest


@dataclass(frozen=True, slots=True)
class Heads:
    """`intents` is None until something was trained: then every ticket goes to people."""

    intents: IntentModel | None
    scorer: Scorer
    memory: Memory

    @property
    def fingerprint(self) -> str:
        intents = self.intents.fingerprint if self.intents else "untrained"
        return f"{intents}/{self.scorer.fingerprint}/{self.memory.fingerprint}"


NAMES = ("intents", "score", "memory")
_heads: tuple[dict[str, int], Heads] | None = None
_lock = Lock()


def heads() -> Heads:
    """The newest heads; one cheap query tells whether the ones in memory still are."""
    global _heads
    newest = _newest()
    with _lock:
        if _heads is None or _heads[0] != newest:
            _heads = newest, _load(newest)
        return _heads[1]


def heads_at(moment: datetime) -> Heads:
    """The heads that were in use at a moment: old ones are kept."""
    made = Brain.objects.filter(name__in=NAMES, created_at__lte=moment).order_by("name", "-id").distinct("name")
    return _load(dict(made.values_list("name", "id")))


def train_intents(embedder: Embedder, *, seed: int = 0) -> Brain:
    """Learn from the taxonomy's examples and from resolved tickets whose intent a person let stand.

    The old head stays in use until the new one is stored. Raises `Invalid` when there is too little to learn from.
    """
    texts, labels = _lessons()
    described = {intent.slug: f"{intent.name}. {intent.description}" for intent in Intent.objects.filter(active=True)}
    if len(set(labels)) < FEWEST_INTENTS:
        raise Invalid("There is too little to learn from: give at least two intents a few example sentences each.")
    model = train(texts, labels, described, embedder=embedder, seed=seed)
    measured = {"texts": len(texts), "intents": len(set(labels)), "reads": fingerprint()}
    return _keep("intents", model.dumps(), model.fingerprint, measured)


def reads_as_now() -> bool:
    """Whether the intents in use were learnt from texts as they are read today."""
    made = Brain.objects.filter(name="intents", active=True).values_list("measured", flat=True).first()
    return made is None or made.get("reads") == fingerprint()


def fit_score() -> Brain | None:
    """Fit the score on the grades there are, and remember them. What was graded so far no longer certifies.

    None when there are too few grades.
    """
    graded = Grade.objects.select_related("run__intent").exclude(run__vector=None).order_by("id")
    rows = [(grade.run.parts, _lesson(grade)) for grade in graded if grade.run.evidence]
    scorer, memory = weigh(rows)
    if not scorer.is_fitted:
        return None
    _keep("memory", memory.dumps(), memory.fingerprint, {"grades": len(rows)})
    return _keep("score", scorer.dumps().encode(), scorer.fingerprint, {"grades": len(rows)})


def weigh(rows: Graded) -> tuple[Scorer, Memory]:
    """The prior and an empty memory when there are too few grades.

    Half of the grades teach the memory that the other half is fitted with, so that the score learns how far a memory
    can be trusted with a question it has not seen.
    """
    scorer = Scorer.fit([*_remembered(rows[::2], rows[1::2]), *_remembered(rows[1::2], rows[::2])])
    return scorer, Memory.of([lesson for _, lesson in rows]) if scorer.is_fitted else Memory.empty()


def _remembered(rows: Graded, by: Graded) -> list[tuple[dict[str, float], bool]]:
    memory = Memory.of([lesson for _, lesson in by])
    return [
        (parts | memory.parts(lesson.vector, lesson.intent, lesson.article), lesson.right) for parts, lesson in rows
    ]


def _lesson(grade: Grade) -> Lesson:
    run = grade.run
    vector = unpack(run.vector)[0]
    return Lesson(vector, run.intent.slug if run.intent else "", run.evidence[0]["id"], grade.right)


def _lessons() -> tuple[list[str], list[str]]:
    texts, labels = [], []
    for intent in Intent.objects.filter(active=True):
        meant = taxonomy().family("intent", intent.slug)
        solved = (
            Solved.objects.filter(ticket__intent__slug__in=meant).order_by("-at").values_list("question", flat=True)
        )
        for text in [*intent.examples, *solved[:MOST_EXAMPLES]]:
            texts.append(gist(text))
            labels.append(intent.slug)
    return texts, labels


def _keep(name: str, content: bytes, fingerprint: str, measured: dict[str, int | str]) -> Brain:
    with transaction.atomic():
        Brain.objects.filter(name=name, active=True).update(active=False)
        return Brain.objects.create(name=name, content=content, fingerprint=fingerprint, measured=measured)


def _newest() -> dict[str, int]:
    return dict(_active())


@compiled
def _active() -> "QuerySet[Brain, tuple[str, int]]":
    return Brain.objects.filter(name__in=NAMES, active=True).order_by("name", "id").values_list("name", "id")


def _load(newest: dict[str, int]) -> Heads:
    kept = {brain.name: bytes(brain.content) for brain in Brain.objects.filter(pk__in=newest.values())}
    return Heads(
        IntentModel.loads(kept["intents"]) if "intents" in kept else None,
        Scorer.loads(kept["score"].decode()) if "score" in kept else Scorer.prior(),
        Memory.loads(kept["memory"]) if "memory" in kept else Memory.empty(),
    )
