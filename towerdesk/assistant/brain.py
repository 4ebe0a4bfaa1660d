"""The trained heads in use: what tells intents apart, and what weighs a proposal. Kept in the database, cached in memory."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from django.db import transaction

from towerdesk.assistant.memory import Lesson, Memory
from towerdesk.assistant.models import Brain, Grade, ProcedureRun, Run, Solved
from towerdesk.assistant.score import ACTION, ANSWER, Frame, Scorer
from towerdesk.assistant.understand.gist import fingerprint, gist
from towerdesk.assistant.understand.intents import IntentModel
from towerdesk.assistant.understand.train import train
from towerdesk.knowledge.index import unpack
from towerdesk.lib.embedding import Embedder
from towerdesk.lib.errors import Invalid
from towerdesk.lib.locks import one_at_a_time
from towerdesk.lib.stamps import Stamp
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
    deeds: Scorer = field(default_factory=lambda: Scorer.prior(ACTION))
    deeds_memory: Memory = field(default_factory=Memory.empty)

    @property
    def fingerprint(self) -> str:
        """Of what decides about answers."""
        return f"{self._intents_fingerprint}/{self.scorer.fingerprint}/{self.memory.fingerprint}"

    @property
    def deeds_fingerprint(self) -> str:
        """Of what decides about procedures."""
        return f"{self._intents_fingerprint}/{self.deeds.fingerprint}/{self.deeds_memory.fingerprint}"

    @property
    def _intents_fingerprint(self) -> str:
        return self.intents.fingerprint if self.intents else "untrained"


NAMES = ("intents", "score", "memory", "deeds", "deeds_memory")
LEARNT = Stamp(
    f"""
SELECT string_agg(concat_ws(' ', name, id), ',' ORDER BY name, id) FROM assistant_brain
WHERE active AND name IN ({", ".join(f"'{name}'" for name in NAMES)})"""  # noqa: S608 - names of ours
)
_heads: tuple[str, Heads] | None = None
_lock = Lock()


def heads() -> Heads:
    """The newest heads; their stamp tells whether the ones in memory still are."""
    global _heads
    stamp = LEARNT.now()
    with _lock:
        if _heads is None or _heads[0] != stamp:
            _heads = stamp, _load(_newest())
        return _heads[1]


def heads_reading(embedder: Embedder) -> Heads:
    """The newest heads. Of no use when another model's vectors taught them (`TOWERDESK_EMBEDDER` was changed): then as if
    nothing was learnt, and people get every ticket until it is.
    """
    using = heads()
    if using.intents is None or using.intents.embedding == embedder.fingerprint:
        return using
    return Heads(None, Scorer.prior(ANSWER), Memory.empty())


def heads_at(moment: datetime) -> Heads:
    """The heads that were in use at a moment: old ones are kept."""
    made = Brain.objects.filter(name__in=NAMES, created_at__lte=moment).order_by("name", "-id").distinct("name")
    return _load(dict(made.values_list("name", "id")))


@dataclass(frozen=True, slots=True)
class Made:
    """A head that is learnt, and not in use yet: see `put_in_use`."""

    name: str
    content: bytes
    fingerprint: str
    measured: dict[str, int | str]


def train_intents(embedder: Embedder, *, seed: int = 0) -> Brain:
    """Learn to tell intents apart (`learnt_intents`), and put that in use."""
    return put_in_use([learnt_intents(embedder, seed=seed)])["intents"]


def learnt_intents(embedder: Embedder, *, seed: int = 0) -> Made:
    """From the taxonomy's examples and from resolved tickets whose intent a person let stand.

    Raises `Invalid` when there is too little to learn from.
    """
    texts, labels = _lessons()
    described = {intent.slug: f"{intent.name}. {intent.description}" for intent in Intent.objects.filter(active=True)}
    if len(set(labels)) < FEWEST_INTENTS:
        raise Invalid("There is too little to learn from: give at least two intents a few example sentences each.")
    model = train(texts, labels, described, embedder=embedder, seed=seed)
    measured = {"texts": len(texts), "intents": len(set(labels)), "reads": fingerprint(), **lessons_there_are()}
    return Made("intents", model.dumps(), model.fingerprint, measured)


def put_in_use(made: Sequence[Made], *, alone: bool = False) -> dict[str, Brain]:
    """All of them or none, whatever happens on the way: the old ones stay in use until this has been committed.

    `alone`: whatever else is in use goes, too, since it was learnt with other vectors.
    """
    with transaction.atomic():
        one_at_a_time("what decides")
        kept = {}
        for name in NAMES if alone else [one.name for one in made]:
            Brain.objects.filter(name=name, active=True).update(active=False)
        for one in made:
            values = {"content": one.content, "fingerprint": one.fingerprint, "measured": one.measured}
            kept[one.name] = Brain.objects.create(name=one.name, **values)
        return kept


def lessons_there_are() -> dict[str, int | str]:
    """`solved`: tickets to learn from; `described`: changes with any word of an intent that is learnt from."""
    said = [
        [one.slug, one.name, one.description, *one.examples]
        for one in Intent.objects.filter(active=True).order_by("slug")
    ]
    solved = Solved.objects.exclude(ticket__intent=None).count()
    return {"solved": solved, "described": hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]}


def reads_as_now() -> bool:
    """Whether the intents in use were learnt from texts as they are read today."""
    made = Brain.objects.filter(name="intents", active=True).values_list("measured", flat=True).first()
    return made is None or made.get("reads") == fingerprint()


def fit_score() -> Brain | None:
    """Fit the scores (`fitted_scores`), and put that in use. The score of answers, None when there are too few grades of them."""
    return put_in_use(fitted_scores()).get("score")


def fitted_scores() -> list[Made]:
    """The scores of answers and of procedures on the grades there are, and what is remembered; none of a kind with too few.

    What was graded so far of a kind that was fitted no longer certifies.
    """
    graded = Grade.objects.select_related("run__intent", "run__procedure_run").exclude(run__vector=None).order_by("id")
    began = _first_questions()
    answers = [(grade.run.parts, _lesson(grade)) for grade in graded if grade.run.evidence]
    deeds = [
        (grade.run.parts, _deed(grade, procedure_run, began[procedure_run.pk]))
        for grade in graded
        if (procedure_run := grade.run.procedure_run) and procedure_run.pk in began
    ]
    return [*_fitted("deeds", "deeds_memory", deeds, ACTION), *_fitted("score", "memory", answers, ANSWER)]


def _fitted(name: str, memory_name: str, rows: Graded, frame: Frame) -> list[Made]:
    scorer, memory = weigh(rows, frame)
    if not scorer.is_fitted:
        return []
    remembered = Made(memory_name, memory.dumps(), memory.fingerprint, {"grades": len(rows)})
    return [remembered, Made(name, scorer.dumps().encode(), scorer.fingerprint, {"grades": len(rows)})]


def weigh(rows: Graded, frame: Frame = ANSWER) -> tuple[Scorer, Memory]:
    """The prior and an empty memory when there are too few grades.

    Half of the grades teach the memory that the other half is fitted with, so that the score learns how far a memory
    can be trusted with a question it has not seen.
    """
    halves = [*_remembered(rows[::2], rows[1::2], frame), *_remembered(rows[1::2], rows[::2], frame)]
    scorer = Scorer.fit(halves, frame)
    return scorer, Memory.of([lesson for _, lesson in rows]) if scorer.is_fitted else Memory.empty()


def _remembered(rows: Graded, by: Graded, frame: Frame) -> list[tuple[dict[str, float], bool]]:
    memory = Memory.of([lesson for _, lesson in by])
    return [
        (parts | memory.parts(lesson.vector, lesson.intent, lesson.article, frame.source), lesson.right)
        for parts, lesson in rows
    ]


def _lesson(grade: Grade) -> Lesson:
    run = grade.run
    vector = unpack(run.vector)[0]
    return Lesson(vector, run.intent.slug if run.intent else "", run.evidence[0]["id"], grade.right)


def _deed(grade: Grade, procedure_run: ProcedureRun, asked: bytes) -> Lesson:
    """About what was asked when it began: what is graded in the end often answers a mere yes."""
    slug = grade.run.intent.slug if grade.run.intent else ""
    return Lesson(unpack(asked)[0], slug, procedure_run.version_id, grade.right)


def _first_questions() -> dict[int, bytes]:
    """Procedure run → the vector of the message that it began with."""
    first = Run.objects.filter(kind="action", procedure_run__considered__grade__isnull=False).exclude(vector=None)
    found = first.order_by("procedure_run", "id").distinct("procedure_run")
    return {run: bytes(vector) for run, vector in found.values_list("procedure_run", "vector") if vector is not None}


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


def _newest() -> dict[str, int]:
    return dict(Brain.objects.filter(name__in=NAMES, active=True).order_by("name", "id").values_list("name", "id"))


def _load(newest: dict[str, int]) -> Heads:
    kept = {brain.name: bytes(brain.content) for brain in Brain.objects.filter(pk__in=newest.values())}
    return Heads(
        IntentModel.loads(kept["intents"]) if "intents" in kept else None,
        Scorer.loads(kept["score"].decode()) if "score" in kept else Scorer.prior(),
        Memory.loads(kept["memory"]) if "memory" in kept else Memory.empty(),
        Scorer.loads(kept["deeds"].decode(), ACTION) if "deeds" in kept else Scorer.prior(ACTION),
        Memory.loads(kept["deeds_memory"]) if "deeds_memory" in kept else Memory.empty(),
    )
