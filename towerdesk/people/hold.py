"""Lock people, and what makes them who they are, always in the same order: people by their numbers, then identities."""

from collections.abc import Iterable

from towerdesk.people.models import Identity, Person


def hold_people(numbers: Iterable[int]) -> dict[int, Person]:
    """Call inside a transaction, before any ticket is held. Rows that point to a person can still be written meanwhile."""
    held = Person.objects.select_for_update(no_key=True).filter(pk__in=set(numbers)).order_by("pk")
    return {person.pk: person for person in held}


def hold_identity(identity: Identity) -> Identity:
    """With its newest values; a join may have moved it since it was read."""
    holder = identity.person_id
    while True:
        hold_people([holder])
        held = Identity.objects.select_for_update(of=("self",)).select_related("person__organisation")
        found = held.get(pk=identity.pk)
        if found.person_id == holder:
            return found
        holder = found.person_id
