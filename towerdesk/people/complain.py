"""An address at which a mail of ours was called spam: machines write to it no more. People may."""

from towerdesk.lib.clock import now
from towerdesk.people.models import Identity, Person


def wants_nothing_automatic(address: str) -> bool:
    """Whether that is news, of an address that somebody has here."""
    theirs = Identity.objects.filter(kind="email", value=address, complained_at=None)
    return bool(theirs.update(complained_at=now()))


def forget_complaints(person: int) -> list[str]:
    """Of which addresses there was one."""
    theirs = Identity.objects.filter(person=person).exclude(complained_at=None)
    addresses = sorted(theirs.values_list("value", flat=True))
    theirs.update(complained_at=None)
    return addresses


def has_complained(person: Person | int) -> bool:
    return Identity.objects.filter(person=person).exclude(complained_at=None).exists()
