"""Who answers for a rule or a schedule: a person of this desk, named by mail address. People are not part of the set-up."""

from typing import Annotated

from pydantic import Field

from towerdesk.accounts.models import User
from towerdesk.lib.errors import Invalid

type Owner = Annotated[str, Field(max_length=254)]


def owner_of(email: str) -> User | None:
    """Raises `Invalid` when nobody has that address; no address is no owner."""
    if not email:
        return None
    owner = User.objects.filter(email=email.lower(), is_active=True).first()
    if owner is None:
        raise Invalid(f"Nobody here has the address {email}: add this person first, or name another owner.")
    return owner


def address_of(owner: User | None) -> str:
    return owner.email if owner else ""
