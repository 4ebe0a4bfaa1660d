"""A server vouches for an identity that was only claimed until now: it belongs to whoever has proven it.

Who claims it may have other identities, which somebody else has proven: typed into a form, said in a chat, joined by a
slip of the hand. Its owner must not find themselves with a stranger's history, so then they begin anew with what is theirs.
"""

from typing import Any

from django.db import transaction

from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK
from towerdesk.people.domains import organisations_domain
from towerdesk.people.hold import hold_identity
from towerdesk.people.models import Identity, Organisation, Person


def prove(identity: Identity, name: str, how: str) -> Person:
    """Whose it is from now on; `name` is for somebody new. Safe under concurrency: the person is held, then the identity."""
    with transaction.atomic():
        held = hold_identity(identity)
        if held.verified:
            return held.person
        claimed_by = held.person
        held.verified, held.how = True, how
        if _has_proven_another(claimed_by, held):
            held.person = _owner(held, name)
        held.save(update_fields=["verified", "how", "person"])
        if held.person != claimed_by:
            _tell(held, claimed_by)
    return held.person


def _has_proven_another(person: Person, identity: Identity) -> bool:
    return person.identities.filter(verified=True).exclude(pk=identity.pk).exists()


def _owner(identity: Identity, name: str) -> Person:
    domain = organisations_domain(identity.value) if identity.kind == "email" else None
    organisation = Organisation.objects.filter(domain=domain).order_by("pk").first() if domain else None
    return Person.objects.create(name=name[:200], organisation=organisation)


def _tell(identity: Identity, claimed_by: Person) -> None:
    """On both pages. Tickets stay where people put them."""
    owner = identity.person
    said: dict[str, Any] = {"kind": identity.kind_name, "value": identity.value, "how": identity.how_known}
    record("person.proved", by=CLOCK, subject=owner.pk, other=claimed_by.pk, name=str(claimed_by), **said)
    record("person.disproved", by=CLOCK, subject=claimed_by.pk, other=owner.pk, name=str(owner), **said)
