"""Turn whoever acts into an `Actor`."""

from django.db.models import QuerySet

from towerdesk.accounts.models import Team, User
from towerdesk.accounts.roles import ASSISTANT, ROLES, RULE
from towerdesk.lib.actor import Actor
from towerdesk.lib.compiled import compiled


def agent(user: User) -> Actor:
    permissions = ROLES.get(user.role, frozenset()) if user.is_active else frozenset()
    return Actor("agent", user.pk, user.name or user.email, permissions, _teams_of(user))


def _teams_of(user: User) -> frozenset[int]:
    """Read with the user where many were read at once; else by a query of its own."""
    if "teams" in getattr(user, "_prefetched_objects_cache", ()):
        return frozenset(team.pk for team in user.teams.all())
    return frozenset(_teams(number=user.pk))


@compiled
def _teams(*, number: int) -> "QuerySet[Team, int]":
    return Team.objects.filter(members=number).order_by().values_list("pk", flat=True)


THE_ASSISTANT = Actor("assistant", None, "Assistant", ASSISTANT)


def rule(rule_id: int, name: str) -> Actor:
    return Actor("rule", rule_id, name, RULE)
