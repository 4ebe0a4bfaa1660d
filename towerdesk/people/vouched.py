"""One person by two doors: whoever signs in elsewhere with an address that the provider vouches for is who has that address."""

from towerdesk.people.find import find_person, normal, person_for
from towerdesk.people.models import Identity, Person


def vouched_person(value: str, kind: str, email: str, name: str = "") -> Person:
    """The person with this identity; one that is new belongs to whoever has the mail address, or both to somebody new.

    An identity that is known stays whose it is: only a person takes it from one to another.
    """
    if find_person(value, kind) is not None:
        return person_for(value, name, kind=kind, verified=True, how="vouched")
    person = person_for(email, name, verified=True, how="vouched")
    theirs = {"person": person, "verified": True, "how": "vouched"}
    identity, _ = Identity.objects.select_related("person__organisation").get_or_create(
        kind=kind, value=normal(kind, value), defaults=theirs
    )
    return identity.person
