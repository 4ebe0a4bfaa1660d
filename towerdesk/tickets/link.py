"""Link two tickets: a duplicate and its original, a part and the whole, an incident and the problem behind it."""

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid, NotFound
from towerdesk.tickets.change import change
from towerdesk.tickets.hold import hold
from towerdesk.tickets.models import Link, Ticket
from towerdesk.tickets.models.link import LINKS
from towerdesk.tickets.models.ticket import TicketQuerySet


def link(ticket: Ticket, other: Ticket, kind: str, *, by: Actor, cause: Event | None = None) -> None:
    """`ticket` becomes what `kind` says to `other`; that the two are linked so already changes nothing."""
    by.must("ticket.link")
    if kind not in LINKS:
        raise Invalid(f"Tickets are linked as {', '.join(LINKS)}, not {kind!r}.")
    with transaction.atomic():
        hold(ticket, other)
        there = Link.objects.filter(ticket=ticket, kind=kind).first()
        if there and there.other_id == other.pk:
            return
        _must_make_sense(ticket, other, kind, there)
        Link.objects.create(ticket=ticket, other=other, kind=kind, by_name=by.name[:200])
        _name_the_kinds(ticket, other, kind, by=by, cause=cause)
        _record("ticket.linked", ticket, other, kind, by=by, cause=cause)


def unlink(link: Link, *, by: Actor, cause: Event | None = None) -> None:
    by.must("ticket.link")
    with transaction.atomic():
        hold(link.ticket, link.other)
        gone, _ = Link.objects.filter(pk=link.pk).delete()
        if not gone:
            raise NotFound("This link was taken away already.")
        _record("ticket.unlinked", link.ticket, link.other, link.kind, by=by, cause=cause)


def incidents_of(problem: Ticket) -> TicketQuerySet:
    """Those that still wait for an answer."""
    return Ticket.objects.waiting().filter(links__kind="incident", links__other=problem)


def _must_make_sense(ticket: Ticket, other: Ticket, kind: str, there: Link | None) -> None:
    if ticket.pk == other.pk:
        raise Invalid("A ticket can't be linked to itself: give the number of another one.")
    if there:
        raise Conflict(f"Ticket {ticket.number} is {LINKS[kind][0]} {there.other_id}: take that link away first.")
    above, seen = other.pk, {ticket.pk}
    while above not in seen:
        seen.add(above)
        above = Link.objects.filter(ticket_id=above, kind=kind).values_list("other_id", flat=True).first() or above
    if above == ticket.pk:
        raise Invalid(
            f"Ticket {other.number} is {LINKS[kind][0]} {ticket.number}: it can't be the other way round, too."
        )


def _name_the_kinds(ticket: Ticket, other: Ticket, kind: str, *, by: Actor, cause: Event | None) -> None:
    """A problem and its incidents are called so."""
    if kind == "incident":
        for one, its in ((ticket, "incident"), (other, "problem")):
            if one.type != its and one.status != "closed":
                change(one, type=its, by=by, cause=cause)


def _record(event: str, ticket: Ticket, other: Ticket, kind: str, *, by: Actor, cause: Event | None) -> None:
    """`ticket.linked` or `ticket.unlinked`, told on both of them."""
    is_to, other_is_to = LINKS[kind]
    record(event, by=by, ticket=ticket.pk, cause=cause, link=kind, says=is_to, other=other.number)
    record(event, by=by, ticket=other.pk, cause=cause, link=kind, says=other_is_to, other=ticket.number)
