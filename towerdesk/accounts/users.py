"""Make a person who works here, and set a new password."""

from django.db import transaction

from towerdesk.accounts.models import User
from towerdesk.accounts.roles import ROLES
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid


def create_user(email: str, password: str, *, name: str, role: str, by: Actor) -> User:
    """Raises `Invalid` for an unknown role and `Conflict` for an address that somebody here already has."""
    by.must("user.create")
    if role not in ROLES:
        raise Invalid(f"There is no role {role!r}. Choose one of: {', '.join(ROLES)}.")
    if User.objects.filter(email=email.lower()).exists():
        raise Conflict(f"Somebody here already signs in as {email.lower()}.")
    with transaction.atomic():
        user = User.objects.create_user(email, password, name=name, role=role)
        record("user.created", by=by, subject=user.pk, email=user.email, role=role)
    return user


def set_password(user: User, password: str, *, by: Actor) -> None:
    by.must("user.create")
    user.set_password(password)
    user.save(update_fields=["password"])
