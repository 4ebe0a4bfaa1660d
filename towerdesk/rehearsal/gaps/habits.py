"""What people did in the same way each time a request of one kind came to them: a procedure that nobody has written."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from towerdesk.assistant.models import Procedure, ProcedureRun, Run
from towerdesk.assistant.procedures.follow import NOT_SURE
from towerdesk.assistant.procedures.graphs import published_for
from towerdesk.rehearsal.gaps.cluster import FEWEST
from towerdesk.rehearsal.gaps.deeds import FAR, Deed, deeds_of
from towerdesk.tickets.models import Intent, Ticket

RESOLVED = ("resolved", "closed")


@dataclass(frozen=True, slots=True)
class Habit:
    """`deeds`: names of tools and points in their order, and their `titles`. `procedure`: what people began by hand, if any."""

    intent: str
    name: str
    deeds: list[str]
    titles: list[str]
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
    did = deeds_of(list(tickets))
    for ticket, deeds in did.items():
        groups[tickets[ticket], tuple(deed.name for deed in deeds)].append(ticket)
    for (intent, row), numbers in sorted(groups.items()):
        if len(numbers) >= FEWEST and 0 < len(row) <= FAR:
            deeds = did[numbers[0]]
            name = f"{names.get(intent, 'No intent')}: {', '.join(_changes(deeds))}"
            yield Habit(intent, name, list(row), [deed.words for deed in deeds], sorted(numbers))


def _changes(deeds: Sequence[Deed]) -> list[str]:
    """What it is about: not what was only looked up, unless that was all."""
    return [deed.words for deed in deeds if deed.effect != "read"] or [deeds[-1].words]


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
            yield Habit(slug, f"{names.get(slug, slug)}: {procedure}", [], [], sorted(numbers), procedure)
