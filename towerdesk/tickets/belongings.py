"""What hangs on a person: identities, tickets that they asked for, messages that they wrote. Held, and moved as a whole."""

from collections.abc import Mapping

from django.db.models import QuerySet

from towerdesk.people.models import Identity, Person
from towerdesk.tickets.models import Message, Ticket

type Belongings = Mapping[str, list[int]]
"""Ids of `identities`, `tickets` and `messages`, in their order."""


def belongings_of(person: Person) -> Belongings:
    """Held: call with the person held. A ticket comes before its messages, as for everybody who writes both."""
    identities = Identity.objects.select_for_update().filter(person=person).order_by("pk")
    wrote = Message.objects.filter(person=person).order_by("pk")
    found = list(identities.values_list("pk", flat=True))
    tickets = Ticket.objects.filter(requester=person).order_by("pk")
    _hold_tickets(tickets, wrote)
    return {
        "identities": found,
        "tickets": list(tickets.values_list("pk", flat=True)),
        "messages": list(wrote.values_list("pk", flat=True)),
    }


def those_still_at(person: Person, some: Belongings) -> Belongings:
    """Of these, what hangs on this person now. Held, as above."""
    identities = Identity.objects.select_for_update().filter(pk__in=some["identities"], person=person).order_by("pk")
    wrote = Message.objects.filter(pk__in=some["messages"], person=person).order_by("pk")
    found = list(identities.values_list("pk", flat=True))
    tickets = Ticket.objects.filter(pk__in=some["tickets"], requester=person).order_by("pk")
    _hold_tickets(tickets, wrote)
    return {
        "identities": found,
        "tickets": list(tickets.values_list("pk", flat=True)),
        "messages": list(wrote.values_list("pk", flat=True)),
    }


def give(some: Belongings, to: Person) -> None:
    Identity.objects.filter(pk__in=some["identities"]).update(person=to)
    Ticket.objects.filter(pk__in=some["tickets"]).update(requester=to)
    Message.objects.filter(pk__in=some["messages"]).update(person=to)


def with_those(some: Belongings, more: Belongings) -> Belongings:
    return {name: sorted({*ids, *more[name]}) for name, ids in some.items()}


def without_those(some: Belongings, fewer: Belongings) -> Belongings:
    return {name: [one for one in ids if one not in {*fewer[name]}] for name, ids in some.items()}


def how_many(some: Belongings) -> int:
    return sum(len(ids) for ids in some.values())


def _hold_tickets(tickets: "QuerySet[Ticket]", wrote: "QuerySet[Message]") -> None:
    """Theirs, and those on which they wrote; looked up by two indexes, then held in the order of their numbers."""
    numbers = {*tickets.values_list("pk", flat=True), *wrote.values_list("ticket", flat=True)}
    list(Ticket.objects.select_for_update().filter(pk__in=numbers).order_by("pk").values_list("pk", flat=True))
