"""Whether two identities are one person's without somebody having decided it: what a right may rest on."""

from towerdesk.people.models import Identity
from towerdesk.tickets.models import Join


def proven_to_be_one(first: Identity, second: Identity) -> bool:
    """A join that a person decided shows one history; it gives nobody the other's rights, such as to approve something."""
    return first.person_id == second.person_id and first.verified and second.verified and _put(first) == _put(second)


def _put(identity: Identity) -> set[int]:
    """The decisions that still stand and brought it to where it is."""
    decided = Join.objects.filter(undone_at=None, reason="decision", moved__identities__contains=[identity.pk])
    return {*decided.values_list("pk", flat=True)}
