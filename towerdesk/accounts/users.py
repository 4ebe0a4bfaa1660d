"""Make a person who works here, and set a new password."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from towerdesk.accounts.models import User
from towerdesk.accounts.roles import ROLES
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.lib.text import one_line


def create_user(email: str, password: str, *, name: str, role: str, by: Actor) -> User:
    """Raises `Invalid` for an unknown role and `Conflict` for an address that somebody here already has."""
    by.must("user.create")
    _must_be_somebody(email, name)
    if role not in ROLES:
        raise Invalid(f"There is no role {role!r}. Choose one of: {', '.join(ROLES)}.")
    if User.objects.filter(email=email.lower()).exists():
        raise Conflict(f"Somebody here already signs in as {email.lower()}.")
    with transaction.atomic():
        user = User.objects.create_user(email, password, name=name, role=role)
        record("user.created", by=by, subject=user.pk, email=user.email, role=role)
    return user


def _must_be_somebody(email: str, name: str) -> None:
    if not name.strip():
        raise Invalid("A person needs a name.", {"name": "Write a name."})
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(
            f"“{one_line(email, 80)}” is no mail address: write one like ana@example.com.", {"email": "Not an address."}
        ) from None


def set_password(user: User, password: str, *, by: Actor) -> None:
    by.must("user.create")
    user.set_password(password)
    user.save(update_fields=["password"])
