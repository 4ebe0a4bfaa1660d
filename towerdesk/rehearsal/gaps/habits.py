"""What people did in the same way each time a request of one kind came to them: a procedure that nobody has written."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from towerdesk.assistant.models import Procedure, ProcedureRun, Run
from towerdesk.assistant.procedures.follow import NOT_SURE
from towerdesk.assistant.procedures.graphs import published_for
from towerdesk.rehearsal.gaps.cluster import FEWEST
from towerdesk.rehearsal.gaps.deeds import FAR, deeds_of
from towerdesk.tickets.models import Intent, Ticket

RESOLVED = ("resolved", "closed")


@dataclass(frozen=True, slots=True)
class Habit:
    """`deeds`: names of tools and points in their order. `procedure`: the one that people began by hand, if they did."""

    intent: str
    name: str
    deeds: list[str]
    tickets: list[int]
    procedure: Procedure | None = None

    @property
    def kind(self) -> str:
        return "intent" if self.procedure else "deeds"


def habits(since: datetime) -> list[Habit]:
    """Of tickets that people resolved without a procedure and without the assistant's words, three or more alike."""
    tickets = _without_procedure(since)
    names = dict(Intent.objects.values_list("slug", "name"))
    return [*_begun_by_hand(since, names), *_alike(tickets, names)]


def _without_procedure(since: datetime) -> dict[int, str]:
    """Their numbers, with their intents."""
    seen = Run.objects.filter(at__gte=since)
    resolved = Ticket.objects.filter(pk__in=seen.values("ticket"), status__in=RESOLVED, merged_into=None)
    resolved = resolved.exclude(pk__in=seen.exclude(sent=None).values("ticket"))
    begun = ProcedureRun.objects.exclude(stop__why=NOT_SURE)  # what was only made ready for a person is none
    rows = resolved.exclude(pk__in=begun.values("ticket")).order_by("id").values_list("pk", "intent__slug")
    return {number: slug or "" for number, slug in rows}


def _alike(tickets: dict[int, str], names: dict[str, str]) -> Iterator[Habit]:
    """The same things in the same order, for the same intent."""
    groups: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    for ticket, deeds in deeds_of(list(tickets)).items():
        groups[tickets[ticket], tuple(deed.name for deed in deeds)].append(ticket)
    for (intent, deeds_done), numbers in sorted(groups.items()):
        if len(numbers) >= FEWEST and 0 < len(deeds_done) <= FAR:
            yield Habit(
                intent, f"{names.get(intent, 'No intent')}: {', '.join(deeds_done)}", list(deeds_done), sorted(numbers)
            )


def _begun_by_hand(since: datetime, names: dict[str, str]) -> Iterator[Habit]:
    """A published procedure that people began on tickets of an intent that it is not for, and that came to its end there."""
    runs = ProcedureRun.objects.filter(started_at__gte=since, state="done").exclude(ticket__intent=None)
    groups: dict[tuple[Procedure, str], set[int]] = defaultdict(set)
    for run in runs.select_related("version__procedure", "ticket__intent"):
        procedure, intent = run.version.procedure, run.ticket.intent
        if intent and procedure.status == "published" and intent.slug not in procedure.intents:
            groups[procedure, intent.slug].add(run.ticket_id)
    for (procedure, slug), numbers in groups.items():
        if len(numbers) >= FEWEST and published_for(slug) is None:
            yield Habit(slug, f"{names.get(slug, slug)}: {procedure}", [], sorted(numbers), procedure)
