"""What the live assistant could not do lately: handed over, or suggested wrongly. Found anew, with what it cost people."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from towerdesk.assistant.learn import question_of
from towerdesk.assistant.models import Run
from towerdesk.insights.models import TicketFact
from towerdesk.knowledge.index import unpack
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.rehearsal.gaps.cluster import Case, Cluster, cluster
from towerdesk.rehearsal.models import Gap
from towerdesk.tickets.models import Ticket

DAYS = 90
WRONG = "What it suggested was wrong"


def find_gaps(*, days: int = DAYS, by: Actor) -> tuple[list[Gap], int]:
    """The gaps, which take the place of those found before, and how many cases are like no others."""
    by.must("report.read")
    by.must("ticket.read_all")
    found, alone = cluster(list(cases(days)))
    with transaction.atomic():
        Gap.objects.filter(drafts=None).delete()
        Gap.objects.update(count=0)  # those with a draft stay for it, and are not told among the new ones
        gaps = [_keep(one) for one in found]
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


def _keep(one: Cluster) -> Gap:
    return Gap.objects.create(
        name=one.name[:200],
        terms=one.terms,
        why=one.commonest("why")[:300],
        intent=one.commonest("intent"),
        tickets=[int(case.key) for case in one.cases],
        count=len(one.cases),
        minutes=round(one.minutes, 1),
    )


def tickets_of(gap: Gap, actor: Actor) -> "list[Ticket]":
    return list(Ticket.objects.visible_to(actor).for_strips().filter(pk__in=gap.tickets).order_by("-id"))
