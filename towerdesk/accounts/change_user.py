"""Change what a person here is and may do. The last administrator can't be taken away."""

from collections.abc import Iterable

from django.db import transaction

from towerdesk.accounts.models import Team, User
from towerdesk.accounts.roles import ROLES
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Conflict, Invalid


def change_user(
    user: User,
    *,
    role: str | None = None,
    teams: Iterable[Team] | None = None,
    active: bool | None = None,
    by: Actor,
) -> None:
    """What is None stays. Whoever is deactivated is signed out everywhere at their next click."""
    by.must("user.create")
    if role is not None and role not in ROLES:
        raise Invalid(f"There is no role {role!r}. Choose one of: {', '.join(ROLES)}.")
    with transaction.atomic():
        held = User.objects.select_for_update().get(pk=user.pk)
        _must_leave_an_administrator(held, role, active)
        user.role = role if role is not None else held.role
        user.is_active = active if active is not None else held.is_active
        user.save(update_fields=["role", "is_active"])
        if teams is not None:
            user.teams.set(teams)
        what = f"{user.role}, {'active' if user.is_active else 'inactive'}, {', '.join(map(str, user.teams.all()))}"
        record("user.changed", by=by, subject=user.pk, email=user.email, what=what)


def _must_leave_an_administrator(user: User, role: str | None, active: bool | None) -> None:
    stays = (role or user.role) == "admin" and (user.is_active if active is None else active)
    others = User.objects.filter(role="admin", is_active=True).exclude(pk=user.pk)
    if user.role == "admin" and user.is_active and not stays and not others.exists():
        raise Conflict(f"{user} is the only administrator: make somebody else one first.")
