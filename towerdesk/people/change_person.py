"""Change what we know of a person: their name, and what we noted about them."""

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import one_line, storable
from towerdesk.people.hold import hold_people
from towerdesk.people.models import Person

LONGEST_NOTE = 10_000


def change_person(
    person: Person, *, by: Actor, name: str | None = None, note: str | None = None, cause: Event | None = None
) -> Person:
    """What is not given stays as it was. One event for each thing that changed, with what stood there."""
    by.must("person.change")
    given = {"name": name and one_line(storable(name), 200), "note": note and storable(note).strip()}
    given |= {"note": ""} if note == "" else {}
    if name is not None and not given["name"]:
        raise Invalid("Say what they are called.", {"name": "This is needed."})
    if len(given["note"] or "") > LONGEST_NOTE:
        raise Invalid("The note is too long: write what a colleague has to know.", {"note": f"At most {LONGEST_NOTE}."})
    with transaction.atomic():
        held = hold_people([person.pk])[person.pk]
        changed = {what: value for what, value in given.items() if value is not None and getattr(held, what) != value}
        for what, value in changed.items():
            record("person.changed", by=by, subject=held.pk, cause=cause, what=what, was=getattr(held, what))
            setattr(held, what, value)
        if changed:
            held.save(update_fields=list(changed))
    return held
