"""When the assistant learns anew: by itself while no right rests on what it knows, else at a lead's word.

Whatever is learnt anew is another decider: licences end, and what was graded towards one counts no more. So it is never
done in passing: at once where nothing was learnt yet; then at most once in four weeks, and neither while a licence is held
nor when people have graded towards one (decision 0050).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from towerdesk.assistant.brain import (
    FEWEST_INTENTS,
    Made,
    fitted_scores,
    heads_reading,
    learnt_intents,
    lessons_there_are,
    put_in_use,
    reads_as_now,
)
from towerdesk.assistant.decide_late import decide_late
from towerdesk.assistant.models import Brain, Grade, Licence, Proving
from towerdesk.assistant.read_again import is_of_another, read_again
from towerdesk.assistant.score import FEWEST as FEWEST_GRADES
from towerdesk.events.models import Event
from towerdesk.events.queue import defer
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.clock import now
from towerdesk.lib.embedding import Embedder, embedder
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.locks import if_nobody_else, is_held, one_at_a_time, only_one
from towerdesk.tickets.models import Intent

STUDY = "towerdesk.assistant.study"
EVERY = timedelta(days=28)
MORE = 1.25
"""So many times the lessons of before teach something new, when they are `FEWEST_MORE` more."""
FEWEST_MORE = 25
FEW_GRADES = 20
"""Fewer than these towards a licence may be lost without asking."""
LOCK = "study"
"""Held by whoever is learning. It goes with the process, so nobody is taken to learn who was killed."""


type State = Literal["", "learning", "waiting"]
"""`waiting`: it was asked for, or was broken off, and the worker begins as soon as it gets to it."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What it learnt from, and what is new since: sentences, none when there is nothing. `ends`: licences it would end."""

    at: datetime | None
    texts: int
    intents: int
    grades: int
    news: tuple[str, ...]
    ends: int
    graded: int  # towards licences, which would count no more
    state: State = ""
    since: datetime | None = None  # when it was asked for, if somebody did

    @property
    def is_possible(self) -> bool:
        return not self.state and bool(self.news)


def learnt() -> Learnt:
    made = {
        brain.name: brain for brain in Brain.objects.filter(name__in=("intents", "score"), active=True).defer("content")
    }
    intents, score = made.get("intents"), made.get("score")
    before, grades = intents.measured if intents else {}, int(score.measured.get("grades", 0)) if score else 0
    return Learnt(
        at=intents.created_at if intents else None,
        texts=int(before.get("texts", 0)),
        intents=int(before.get("intents", 0)),
        grades=grades,
        news=_news(intents, grades),
        ends=Licence.objects.filter(ended_at=None).count(),
        graded=_graded(),
        state=(state := _state()),
        since=_asked_at() if state else None,
    )


def ask_to_study(*, by: Actor) -> None:
    """A job does it. Raises `Conflict` when one is at it, `Invalid` when there is too little to learn from."""
    by.must("intent.change")
    with transaction.atomic():
        if _teaching() < FEWEST_INTENTS:
            raise Invalid("There is too little to learn from: give at least two intents a few example sentences each.")
        if not _ask():
            raise Conflict("It is learning just now.")
        record("assistant.studies", by=by)


def study(*, by: Actor = CLOCK, model: Embedder | None = None) -> Brain:
    """Articles, intents, scores. Minutes for tens of thousands of lessons; what decides now does so until all is ready.

    Killed on the way, nothing of it is in use: the job that did it is done again, anything else may be asked for anew.
    """
    model = model or embedder()
    with only_one(LOCK):
        read_again(model)
        brain = put_to_use([learnt_intents(model), *fitted_scores()], alone=is_of_another(model), by=by)
    decide_late()
    return brain


def put_to_use(made: Sequence[Made], *, alone: bool = False, by: Actor) -> Brain:
    """The new intents with the new scores, and the word of it."""
    with transaction.atomic():
        kept = put_in_use(made, alone=alone)
        brain, score = kept["intents"], kept.get("score")
        grades = int(score.measured["grades"]) if score else 0
        record(
            "assistant.learnt", by=by, texts=brain.measured["texts"], intents=brain.measured["intents"], grades=grades
        )
    return brain


def study_at_first() -> bool:
    """As soon as there are intents to tell apart; again when another embedder is set, or texts are read otherwise since an
    upgrade. Two queries while that was done.
    """
    is_done = heads_reading(embedder()).intents is not None and reads_as_now()
    return not is_done and _teaching() >= FEWEST_INTENTS and _ask()


def study_when_free() -> bool:
    """Nothing may rest on what is known: no licence, and nobody tells the desk's past just now."""
    with if_nobody_else("deadlines") as free:
        if not free:
            return False
    found = learnt()
    at_stake = found.ends or found.graded >= FEW_GRADES
    if found.at is None or at_stake or not found.is_possible or now() - found.at < EVERY:
        return False
    return _ask()


def _ask() -> bool:
    """A job of its own does it, since the clock has other chores. False when one is asked for already, or at it."""
    with transaction.atomic():
        one_at_a_time("asking to study")
        if _state():
            return False
        defer(STUDY, lock=LOCK)
    return True


def _news(intents: Brain | None, grades: int) -> tuple[str, ...]:
    if intents is None:
        return ("Nothing was learnt so far.",) if _teaching() >= FEWEST_INTENTS else ()
    before, there_are = intents.measured, lessons_there_are()
    graded = Grade.objects.exclude(run__vector=None).exclude(run__evidence=[]).count()
    changed = "described" in before and before["described"] != there_are["described"]
    solved, solved_now = int(before.get("solved", 0)), int(there_are["solved"])
    found = {
        "The intents or their examples have changed.": changed,
        f"{solved_now - solved} more tickets were resolved.": _is_more(solved_now, solved),
        f"{graded - grades} more suggestions were graded.": graded >= FEWEST_GRADES and _is_more(graded, grades),
    }
    return tuple(sentence for sentence, holds in found.items() if holds)


def _graded() -> int:
    deciders = Proving.objects.filter(ended_at=None).values("fingerprint")
    return Grade.objects.filter(run__asked=True, run__eligible=True, run__fingerprint__in=deciders).count()


def _is_more(number: int, before: int) -> bool:
    return number >= before * MORE and number - before >= FEWEST_MORE


def _teaching() -> int:
    """Intents that can be learnt at all."""
    return Intent.objects.filter(active=True).exclude(examples=[]).count()


def _state() -> State:
    """By who holds the lock and by the queue, which gives a killed worker's job to the next one: never by a time."""
    if is_held(LOCK):
        return "learning"
    jobs = ProcrastinateJob.objects.filter(task_name=STUDY, status__in=("todo", "doing"))
    return "waiting" if jobs.exists() else ""


def _asked_at() -> datetime | None:
    told = Event.objects.filter(kind__in=("assistant.studies", "assistant.learnt")).order_by("-id").first()
    return told.at if told and told.kind == "assistant.studies" else None
