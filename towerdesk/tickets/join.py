"""Two people are one: what hangs on the first goes to the second, and the first stays as a part that can be taken out again."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from towerdesk.events.models import Event
from towerdesk.events.record import record, together
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.text import one_line, storable
from towerdesk.people.hold import hold_people
from towerdesk.people.models import Identity, Person
from towerdesk.people.standing import called, standing_person
from towerdesk.tickets.belongings import belongings_of, give, how_many, with_those
from towerdesk.tickets.models import Join, Message, Ticket

FILLED = ("organisation_id", "language")
"""Columns that the other takes over where its own are empty."""
BATCH = 50


def join(
    person: Person, into: Person, *, by: Actor, reason: str = "decision", why: str = "", cause: Event | None = None
) -> Join:
    """`reason` is a key of `models.join.REASONS`, and a server's to say: what a person joins is that person's decision.

    `why` is for people. A name or an address that somebody typed is never a reason by itself. `part` takes it back.
    """
    by.must("person.merge")
    with transaction.atomic(), together():
        person, into = _hold(person, into)
        reason = reason if by.kind == "clock" else "decision"
        joined = Join(person=person, into=into, reason=reason, why=one_line(storable(why), 300), by_name=by.name[:200])
        joined.says, joined.into_says = called(person)[:700], called(into)[:700]
        joined.moved = belongings_of(person)
        give(joined.moved, into)
        joined.changed = _fill(into, person)
        Person.objects.filter(pk=person.pk).update(merged_into=into)
        joined.save()
        _record(joined, by=by, cause=cause)
    return joined


def bring_along() -> int:
    """Run by the clock: what came in for somebody in the very moment in which they were joined. How many had some."""
    late = Person.objects.filter(_has(Identity, "person") | _has(Ticket, "requester") | _has(Message, "person"))
    numbers = late.exclude(merged_into=None).order_by("pk").values_list("pk", flat=True)[:BATCH]
    return sum(_bring_along(number) for number in list(numbers))


def joins_from(person: Person) -> Iterable[Join]:
    """The live joins that lead from this person up to the one who stands."""
    joined = Join.objects.filter(person=person, undone_at=None).first()
    while joined is not None:
        yield joined
        joined = Join.objects.filter(person=joined.into_id, undone_at=None).first()


def _hold(person: Person, into: Person) -> tuple[Person, Person]:
    """With their newest values. Nobody is joined twice, nor with themselves."""
    ends = standing_person(Person.objects.select_related("merged_into").get(pk=into.pk))
    held = hold_people([person.pk, ends.pk])
    one, other = held[person.pk], held[ends.pk]
    if one.pk == other.pk:
        raise Invalid(f"{person} and {into} are one person already.")
    if one.merged_into_id:
        raise Conflict(f"{one} is a part of somebody else already: take that back first.")
    if other.merged_into_id:
        raise Conflict(f"{other} was joined with somebody just now: look at it again.")
    return one, other


def _fill(into: Person, person: Person) -> dict[str, list[object]]:
    changed: dict[str, list[object]] = {}
    for column in FILLED:
        theirs, ours = getattr(person, column), getattr(into, column)
        if theirs and not ours:
            changed[column] = [ours, theirs]
            setattr(into, column, theirs)
    if changed:
        into.save(update_fields=list(changed))
    return changed


def _record(joined: Join, *, by: Actor, cause: Event | None) -> None:
    """On the person, with what undo needs; and on each ticket, whose requester it is now."""
    names: dict[str, Any] = {"joined": joined.says, "into": joined.into_says}
    more: dict[str, Any] = {
        "moved": joined.moved,
        "reason": joined.reason,
        "why": joined.why,
        "changed": joined.changed,
    }
    record("person.joined", by=by, subject=joined.into_id, cause=cause, person=joined.person_id, **names, **more)
    for number in joined.moved["tickets"]:
        record("ticket.joined", by=by, ticket=number, cause=cause, **names)


def _has(model: type[Identity] | type[Ticket] | type[Message], column: str) -> Exists:
    return Exists(model._default_manager.filter(**{column: OuterRef("pk")}))


def _bring_along(number: int) -> bool:
    with transaction.atomic():
        person = Person.objects.select_related("merged_into").get(pk=number)
        ends = standing_person(person)
        held = hold_people([person.pk, ends.pk])
        if held[person.pk].merged_into_id is None or held[ends.pk].merged_into_id is not None:
            return False  # it was taken back, or goes on: the next minute sees
        late = belongings_of(person)
        give(late, ends)
        for joined in joins_from(person):
            joined.moved = with_those(joined.moved, late)
            joined.save(update_fields=["moved"])
    return how_many(late) > 0
