"""Who is affected by a problem or a bug, who of them is told, and why somebody is not."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from towerdesk.lib.actor import Actor
from towerdesk.people.models import Identity
from towerdesk.problems.models import Told
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.models.ticket import TicketQuerySet
from towerdesk.tickets.terms import wants_no_more

LINKED_BY = ("incident", "report")
"""Kinds of links by which somebody's ticket says that they are affected."""
ASKED = ("", "list", "bulk")
"""Kinds of mail that a person may have written; all others are machines', and are never answered by us by themselves."""


@dataclass(frozen=True, slots=True)
class Affected:
    """`result` as in `models.telling.RESULTS`: told, beside, or skipped; `why` is a sentence when it is not told."""

    ticket: Ticket
    result: str
    why: str = ""


def tickets_of(problem: Ticket) -> TicketQuerySet:
    """All that are linked to it, whatever became of them."""
    return Ticket.objects.filter(links__kind__in=LINKED_BY, links__other=problem).distinct()


def affected(problem: Ticket, kind: str, by: Actor) -> list[Affected]:
    """One for each ticket that this actor may read: of several of one person the newest is the one that is answered."""
    newest = Message.objects.filter(ticket=OuterRef("pk"), direction="in", public=True).order_by("-id")
    rows = tickets_of(problem).visible_to(by).for_strips()
    rows = rows.annotate(newest_auto=Subquery(newest.values("auto")[:1]), newest_in=Subquery(newest.values("pk")[:1]))
    complained = set(
        Identity.objects.filter(person__tickets__in=tickets_of(problem))
        .exclude(complained_at=None)
        .values_list("person", flat=True)
    )
    found: list[Affected] = []
    told: set[int] = set()
    for ticket in rows.order_by("-id"):
        why = _why_not(ticket, kind, complained)
        if why:
            found.append(Affected(ticket, "skipped", why))
        elif ticket.requester_id in told:
            found.append(Affected(ticket, "beside", "They are told on a newer ticket of theirs"))
        else:
            told.add(ticket.requester_id)
            found.append(Affected(ticket, "told"))
    return found


def _why_not(ticket: Ticket, kind: str, complained: set[int]) -> str:
    if ticket.merged_into_id:
        return "It was merged into another ticket"
    if ticket.newest_in is None:  # type: ignore[attr-defined]
        return "Nobody outside wrote on it"
    if ticket.newest_auto not in ASKED:  # type: ignore[attr-defined]
        return "A machine wrote it"
    if ticket.requester_id in complained:
        return "They called a mail of ours spam"
    if wants_no_more(ticket):
        return "They asked to hear no more"
    if kind == "known" and ticket.status in ("resolved", "closed"):
        return "It is resolved already"
    if kind == "over" and ticket.status in ("resolved", "closed") and ticket.known_by == "confirmed":
        return "They said that it is solved"
    return ""


def heard(problem: Ticket, kind: str) -> set[int]:
    """Tickets whose people were told this of this problem already."""
    rows = Told.objects.filter(telling__ticket=problem, telling__kind=kind, result__in=("told", "beside", "todo"))
    return set(rows.values_list("ticket", flat=True))
