"""The ledger: for each resolved ticket by whom it was resolved, and how we know that it was.

One entry is a pure function of the ticket's facts, which are folded from the log: throw them away, fold again, and the
ledger is the same (`facts.rebuild`). A recontact by the same person within the window, on any channel, counts against.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from towerdesk.insights.models import TicketFact
from towerdesk.lib.actor import Actor
from towerdesk.tickets.models import Ticket

KNOWN = {
    "customer": "Confirmed by the customer",
    "system": "Confirmed by the state of a system",
    "assumed": "Assumed after silence",
    "unknown": "Not known yet",
    "recontact": "The person came back",
    "disputed": "Disputed",
    "reopened": "Reopened",
}
"""How we know, best first; the last three count against."""
AGAINST = ("recontact", "disputed", "reopened")
BY = {
    "assistant": "The assistant alone",
    "both": "The assistant and people",
    "people": "People",
    "others": "Rules and the clock",
}
OTHERS = ("rule", "clock", "key", "system")


@dataclass(frozen=True, slots=True)
class Entry:
    """`by` and `known` are keys of BY and KNOWN."""

    ticket: int
    by: str
    known: str

    @property
    def holds(self) -> bool:
        return self.known in ("customer", "system", "assumed")

    @property
    def sentence(self) -> str:
        return f"{BY[self.by]} resolved this. {KNOWN[self.known]}."


def entry(fact: TicketFact) -> Entry | None:
    """None while the ticket was never resolved, or is part of another one."""
    if fact.resolved_at is None or fact.merged:
        return None
    return Entry(fact.ticket_id, _by(fact), _known(fact))


def ledger(actor: Actor, since: datetime, until: datetime) -> dict[str, Counter[str]]:
    """Of tickets resolved in [since, until) that this actor may read: by whom → how we know → how many."""
    actor.must("report.read")
    facts = TicketFact.objects.filter(resolved_at__gte=since, resolved_at__lt=until)
    if not actor.can("ticket.read_all"):
        facts = facts.filter(ticket_id__in=Ticket.objects.visible_to(actor).values("pk"))
    return counted(entry(fact) for fact in facts)


def counted(entries: Iterable[Entry | None]) -> dict[str, Counter[str]]:
    table: dict[str, Counter[str]] = {by: Counter() for by in BY}
    for one in entries:
        if one is not None:
            table[one.by][one.known] += 1
    return table


def _by(fact: TicketFact) -> str:
    if fact.resolved_by == "assistant":
        return "assistant" if fact.replies_person == 0 else "both"
    if fact.resolved_by in OTHERS:
        return "others" if fact.replies_person == 0 and fact.replies_assistant == 0 else "both"
    return "both" if fact.replies_assistant else "people"


def _known(fact: TicketFact) -> str:
    if fact.known_by in ("disputed", "reopened"):
        return fact.known_by
    if fact.recontact:
        return "recontact"
    if fact.known_by == "confirmed":
        return "customer" if fact.known_from in ("", "customer") else "system"
    return fact.known_by if fact.known_by == "assumed" else "unknown"
