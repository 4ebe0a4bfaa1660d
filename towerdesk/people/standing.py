"""Who somebody is now: the person that they are a part of, after any number of joins."""

from towerdesk.people.models import Identity, Person


def standing_person(person: Person) -> Person:
    seen = {person.pk}
    while person.merged_into is not None and person.merged_into_id not in seen:
        person = person.merged_into
        seen.add(person.pk)
    return person


def called(person: Person) -> str:
    """With what tells them apart from others of that name: `Mara Lindqvist (e-mail mara@lindqvist.example)`."""
    identity: Identity | None = person.identities.order_by("-verified", "pk").first()
    if identity is None:
        return str(person)
    kind = identity.kind_name if identity.kind_name.isupper() else identity.kind_name.lower()
    if identity.value in person.name:
        return f"{person} ({kind})"
    return f"{person} ({kind} {identity.value})"
