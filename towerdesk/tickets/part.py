"""Take two people apart again: what a join moved goes back, as far as it still is where the join left it."""

from typing import Any

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record, together
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, NotFound
from towerdesk.people.hold import hold_people
from towerdesk.people.models import Person
from towerdesk.people.standing import standing_person
from towerdesk.tickets.belongings import Belongings, give, those_still_at, without_those
from towerdesk.tickets.join import joins_from
from towerdesk.tickets.models import Join


def part(person: Person, *, by: Actor, cause: Event | None = None) -> Person:
    """Returns whom they were taken out of. What came in since the join stays there; so does what others moved on.

    Joins may be taken back in any order: whose they are joined with may by now be a part of somebody else.
    """
    by.must("person.merge")
    with transaction.atomic(), together():
        joined, at = _hold(person)
        back = those_still_at(at, joined.moved)
        give(back, joined.person)
        _pass_over(joined, back)
        _empty(joined)
        Person.objects.filter(pk=joined.person_id).update(merged_into=None)
        Join.objects.filter(pk=joined.pk).update(undone_at=now())
        _record(joined, back, by=by, cause=cause)
    return at


def _hold(person: Person) -> tuple[Join, Person]:
    joined = Join.objects.filter(person=person, undone_at=None).first()
    if joined is None:
        raise NotFound(f"{person} is not a part of somebody else: there is nothing to undo.")
    at = standing_person(Person.objects.select_related("merged_into").get(pk=joined.into_id))
    held = hold_people([joined.person_id, joined.into_id, at.pk])
    if not Join.objects.filter(pk=joined.pk, undone_at=None).exists():
        raise NotFound(f"Somebody else took {person} out a moment ago.")
    if standing_person(Person.objects.select_related("merged_into").get(pk=joined.into_id)).pk != at.pk:
        raise Conflict(f"{at} was joined or taken apart just now: look at it again.")
    joined = Join.objects.get(pk=joined.pk)  # what it moved may have grown until it was held
    joined.person, joined.into = held[joined.person_id], held[joined.into_id]
    return joined, held[at.pk]


def _pass_over(joined: Join, back: Belongings) -> None:
    """Later joins took these along; taking those back must not fetch them from where they are now."""
    for later in joins_from(joined.into):
        later.moved = without_those(later.moved, back)
        later.save(update_fields=["moved"])


def _empty(joined: Join) -> None:
    """What was filled in is empty again, unless somebody wrote something else there."""
    into, columns = joined.into, []
    for column, (was, left) in joined.changed.items():
        if getattr(into, column) == left:
            setattr(into, column, was)
            columns.append(column)
    if columns:
        into.save(update_fields=columns)


def _record(joined: Join, back: Belongings, *, by: Actor, cause: Event | None) -> None:
    names: dict[str, Any] = {"joined": joined.says, "into": joined.into_says}
    record(
        "person.parted", by=by, subject=joined.into_id, cause=cause, person=joined.person_id, moved=dict(back), **names
    )
    for number in back["tickets"]:
        record("ticket.parted", by=by, ticket=number, cause=cause, **names)
