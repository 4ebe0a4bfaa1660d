"""What the live assistant could not do lately: handed over, or suggested wrongly. Found anew, with what it cost people."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from towerdesk.assistant.learn import question_of
from towerdesk.assistant.models import Run
from towerdesk.insights.models import TicketFact
from towerdesk.knowledge.index import unpack
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.rehearsal.gaps.cluster import FEWEST, Case, Cluster, cluster
from towerdesk.rehearsal.gaps.habits import Habit, habits
from towerdesk.rehearsal.gaps.kinds import KINDS
from towerdesk.rehearsal.gaps.stumbles import Stumble, stumbles, together
from towerdesk.rehearsal.models import Gap

DAYS = 90
WRONG = "What it suggested was wrong"


def find_gaps(*, days: int = DAYS, by: Actor) -> tuple[list[Gap], int]:
    """The gaps, which take the place of those found before, and how many cases are like no others.

    One that was dismissed, or of which a draft is put in, is not told again until most of its tickets are new.
    """
    by.must("report.read")
    by.must("ticket.read_all")
    since = now() - timedelta(days=days)
    found, alone = cluster(list(cases(days)))
    gaps = [_of_words(one) for one in found]
    gaps += [_of_procedure(group) for group in together(stumbles(since)).values() if len(group) >= FEWEST]
    gaps += [_of_habit(habit) for habit in habits(since)]
    with transaction.atomic():
        settled = list(Gap.objects.filter(~Q(dismissed_at=None) | Q(drafts__state="merged")).distinct())
        Gap.objects.filter(drafts=None, dismissed_at=None).delete()
        Gap.objects.update(count=0)  # those with a draft stay for it, and are not told among the new ones
        gaps = [gap for gap in gaps if not any(_is_again(gap, other) for other in settled)]
        for gap in gaps:
            gap.save()
    return gaps, alone


def cases(days: int) -> Iterable[Case]:
    """One for each ticket: its first consideration, if nothing right came of it. Oldest first.

    Only those whose vector was stored, which is all of which more than silence came.
    """
    since = now() - timedelta(days=days)
    runs = Run.objects.current().filter(at__gte=since, message__auto="").order_by("ticket_id", "id")
    first = list(runs.distinct("ticket_id").select_related("message", "intent", "grade", "ticket__intent"))
    failed = [run for run in first if run.vector and _why(run)]
    minutes = dict(
        TicketFact.objects.filter(pk__in=[run.ticket_id for run in failed]).values_list("pk", "agent_minutes")
    )
    for run in failed:
        said = run.ticket.intent or run.intent
        yield Case(
            str(run.ticket_id),
            question_of(run.message),
            unpack(run.vector)[0],
            _why(run),
            said.slug if said else "",
            minutes.get(run.ticket_id, 0.0),
        )


def _why(run: Run) -> str:
    """Empty when it was answered, is waiting, or was only held back by a missing licence."""
    if run.outcome == "handed_over":
        return run.why or "It was handed over"
    grade = getattr(run, "grade", None)
    return WRONG if grade is not None and not grade.right else ""


def _of_words(one: Cluster) -> Gap:
    return Gap(
        name=one.name[:200],
        terms=one.terms,
        why=one.commonest("why")[:300],
        intent=one.commonest("intent"),
        tickets=[int(case.key) for case in one.cases],
        count=len(one.cases),
        minutes=round(one.minutes, 1),
    )


def _of_procedure(group: Sequence[Stumble]) -> Gap:
    first, tickets = group[0], [one.run.ticket_id for one in group]
    refused = sorted({value for one in group for value in one.about.get("refused", [])})
    about = first.about | ({"refused": refused} if refused else {})
    return Gap(
        kind=first.kind,
        procedure=first.run.version.procedure,
        about=about,
        name=_named(first)[:200],
        why=first.why[:300],
        intent=first.run.intent.slug if first.run.intent else "",
        tickets=sorted(tickets),
        count=len(group),
        minutes=_minutes(tickets),
    )


def _named(one: Stumble) -> str:
    place = one.about.get("slot") or one.about.get("step") or KINDS[one.kind].title.lower()
    return f"{one.run.version.procedure}: {place}"


def _of_habit(habit: Habit) -> Gap:
    return Gap(
        kind=habit.kind,
        procedure=habit.procedure,
        about={"deeds": habit.deeds, "titles": habit.titles},
        name=habit.name[:200],
        why=KINDS[habit.kind].title,
        intent=habit.intent,
        tickets=habit.tickets,
        count=len(habit.tickets),
        minutes=_minutes(habit.tickets),
    )


def _minutes(tickets: Sequence[int]) -> float:
    return round(sum(TicketFact.objects.filter(pk__in=tickets).values_list("agent_minutes", flat=True)), 1)


def _is_again(gap: Gap, settled: Gap) -> bool:
    """At least half of its tickets were in that one."""
    same = (gap.kind, gap.procedure_id) == (settled.kind, settled.procedure_id)
    return same and 2 * len(set(gap.tickets) & set(settled.tickets)) >= len(gap.tickets)
