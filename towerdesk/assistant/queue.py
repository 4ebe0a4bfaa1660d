"""What to grade next: audits first, then what came back, then what brings an intent nearest to a licence.

Which decisions are asked about at all was drawn when they were made (`evidence.draw_for`), so the order in here can be
chosen freely: it says which intent's evidence grows first, never which of its decisions count. Within an intent they come
in the order of the draw. Graders see the question and the proposed reply; not its score, whether it was sent, what the
person said who answered, or that somebody has graded it before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Avg, Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from towerdesk.assistant.evidence import ALONE
from towerdesk.assistant.models import Grade, Run, SecondGrade, Unsure
from towerdesk.assistant.terms import draw, terms
from towerdesk.insights.models import TicketFact
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now

IN_HAND = timedelta(days=2)
"""So long an open suggestion is left to whoever has the ticket; what they do with it is its grade."""
LATELY = timedelta(days=365)
SECOND_EVERY = 10
"""One in so many grades is a second opinion, as long as some are wanted."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two people said the same, and Cohen's kappa (1960): 1 is full agreement, 0 what chance would give."""

    pairs: int
    same: int
    kappa: float | None


def waiting(by: Actor) -> "QuerySet[Run]":
    """Everything this person could grade, the most useful first."""
    came_back = Exists(TicketFact.objects.filter(ticket_id=OuterRef("ticket_id"), recontact=True))
    mine = Exists(Unsure.objects.filter(run=OuterRef("pk"), user_id=by.user_id or 0))
    runs = Run.objects.visible_to(by).current().filter(at__gt=now() - LATELY, grade=None, intent__isnull=False)
    wanted = Q(asked=True) | (Q(outcome__in=ALONE) & came_back)
    in_hand = Q(state="open", at__gt=now() - IN_HAND)
    found = runs.filter(wanted).exclude(in_hand).exclude(reply="").exclude(mine)
    return found.annotate(urgency=_urgency(came_back)).order_by("urgency", "pk")


def audits(queue: "QuerySet[Run]") -> "QuerySet[Run]":
    """Of what `waiting` gives, what was sent alone."""
    return queue.filter(outcome__in=ALONE)


def _urgency(came_back: Exists) -> Case:
    return Case(
        When(outcome__in=ALONE, asked=True, then=Value(0)),
        When(came_back, then=Value(1)),
        When(intent__level__in=("pause", "send"), then=Value(2)),
        When(intent__level="suggest", then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )


def next_to_grade(by: Actor, intent: str = "", *, besides: Sequence[int] = ()) -> Run | None:
    """The next decision for this person, or a second opinion now and then; None when nothing waits."""
    by.must("assistant.grade")
    found = waiting(by).exclude(pk__in=besides)
    found = found.filter(intent__slug=intent) if intent else found
    done = graded_today(by)[0] + len(besides)
    again = _second(by, besides) if done % SECOND_EVERY == SECOND_EVERY - 1 else None
    first = again or found.select_related("message", "ticket", "intent").first()
    return first or _second(by, besides)


def wants_second(run: Run) -> bool:
    return draw("second", run.pk) < terms().second_share


def _second(by: Actor, besides: Sequence[int]) -> Run | None:
    graded = Run.objects.visible_to(by).filter(grade__by_kind="agent", grade__at__gt=now() - LATELY, second_grade=None)
    others = graded.filter(asked=True).exclude(grade__by_id=by.user_id).exclude(pk__in=besides).exclude(reply="")
    newest = others.select_related("message", "ticket", "intent").order_by("-pk")[:200]
    return next((run for run in newest if wants_second(run)), None)


def graded_today(by: Actor) -> tuple[int, float | None]:
    """How many, and the mean seconds each took."""
    begun = timezone.localtime(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Grade.objects.filter(by_id=by.user_id, by_kind="agent", at__gte=begun, verdict__in=("audited", "unsure"))
    told = mine.aggregate(n=Count("id"), seconds=Avg("seconds"))
    again = SecondGrade.objects.filter(by_id=by.user_id, at__gte=begun).count()
    return told["n"] + again, told["seconds"]


def agreement() -> Agreement:
    pairs = SecondGrade.objects.aggregate(
        n=Count("id"),
        both=Count("id", filter=Q(right=True, run__grade__right=True)),
        neither=Count("id", filter=Q(right=False, run__grade__right=False)),
        first=Count("id", filter=Q(run__grade__right=True)),
        second=Count("id", filter=Q(right=True)),
    )
    n, same = pairs["n"], pairs["both"] + pairs["neither"]
    if not n:
        return Agreement(0, 0, None)
    chance = (pairs["first"] * pairs["second"] + (n - pairs["first"]) * (n - pairs["second"])) / n**2
    return Agreement(n, same, (same / n - chance) / (1 - chance) if chance < 1 else None)


def of_intents(by: Actor) -> dict[int, int]:
    """How many wait for this person, by intent."""
    counted = waiting(by).order_by().values("intent").annotate(n=Count("pk")).values_list("intent", "n")
    return dict(counted)
