"""What the log says a ticket took: who waited how long for whom, turn by turn. The simulated desk is made of these."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from towerdesk.hours.opening import Hours
from towerdesk.hours.reckon import between
from towerdesk.insights.models import TicketFact
from towerdesk.rehearsal.models import ReplayItem
from towerdesk.sla.models import Clock
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.models.message import RECEIPT

WORKED = 4.0  # minutes, where the log holds none
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Turn:
    """The customer takes `gap` seconds, somebody looks after `pickup` minutes of office time and works `work` minutes."""

    gap: float
    pickup: float
    work: float


@dataclass(frozen=True, slots=True)
class Trace:
    """One past ticket. `lone`: the live assistant answered it alone, after which people took the `turns` there are.

    `first` and `solution` are promised minutes of office time, None: nothing was promised. `decision` is the replay's.
    """

    key: str
    opened_at: datetime
    intent: str
    team: str
    priority: str
    turns: tuple[Turn, ...]
    lone: bool
    hours_to_resolution: float
    first: int | None
    solution: int | None
    decision: ReplayItem

    @property
    def minutes(self) -> float:
        return sum(turn.work for turn in self.turns)


def traces(items: Sequence[ReplayItem], hours: Hours) -> list[Trace]:
    """Of the tickets that were resolved and not merged away; those of an export have no log and are left out."""
    found: list[Trace] = []
    known = [item for item in items if item.ticket_id]
    for begin in range(0, len(known), AT_ONCE):
        found += _some(known[begin : begin + AT_ONCE], hours)
    return found


def _some(items: Sequence[ReplayItem], hours: Hours) -> Iterable[Trace]:
    numbers = [item.ticket_id for item in items if item.ticket_id]
    facts = TicketFact.objects.in_bulk(numbers)
    tickets = Ticket.objects.select_related("team", "intent").in_bulk(numbers)
    messages: dict[int, list[Message]] = defaultdict(list)
    for message in Message.objects.filter(ticket__in=numbers, public=True).order_by("created_at", "id"):
        messages[message.ticket_id].append(message)
    promised: dict[tuple[int, str], int] = {}
    for number, kind, minutes in (
        Clock.objects.filter(ticket__in=numbers).order_by("-id").values_list("ticket_id", "kind", "minutes")
    ):
        promised[number, kind] = minutes
    for item in items:
        fact = facts.get(item.ticket_id or 0)
        if fact is not None and fact.resolved_at is not None and not fact.merged:
            ticket = tickets[fact.ticket_id]
            turns, lone = _turns(messages[fact.ticket_id], fact, lambda a, b: _minutes(hours, a, b))
            yield Trace(
                item.key,
                fact.opened_at,
                ticket.intent.slug if ticket.intent else "",
                ticket.team.name if ticket.team else "",
                ticket.priority,
                turns,
                lone,
                (fact.resolved_at - fact.opened_at).total_seconds() / 3600,
                promised.get((fact.ticket_id, "first_response")),
                promised.get((fact.ticket_id, "resolution")),
                item,
            )


def _turns(
    messages: Sequence[Message], fact: TicketFact, office: Callable[[datetime, datetime], float]
) -> tuple[tuple[Turn, ...], bool]:
    """A turn of people's for each answer of theirs; and one more when it was resolved later than by an answer."""
    waits: datetime | None = fact.opened_at
    last, lone = fact.opened_at, False
    bare: list[tuple[float, float]] = []
    for message in messages:
        if message.created_at > (fact.resolved_at or message.created_at):
            break
        if message.direction == "in":
            waits = message.created_at if waits is None else waits
        elif message.author_kind == "assistant":
            lone, last, waits = True, message.created_at, None
        elif message.delivery != "withdrawn" and message.warrant != RECEIPT:
            begin = waits or last
            bare.append((max(0.0, (begin - last).total_seconds()), office(begin, message.created_at)))
            last, waits = message.created_at, None
    settled_alone = lone and not bare and waits is None
    if fact.resolved_at and not settled_alone and fact.resolved_at - last > timedelta(minutes=1):
        begin = waits or last
        bare.append((max(0.0, (begin - last).total_seconds()), office(begin, fact.resolved_at)))
    work = (fact.agent_minutes or WORKED * len(bare)) / len(bare) if bare else 0.0
    return tuple(Turn(gap, pickup, work) for gap, pickup in bare), lone


def _minutes(hours: Hours, begin: datetime, end: datetime) -> float:
    return max(0.0, between(hours, begin, end).total_seconds() / 60)
