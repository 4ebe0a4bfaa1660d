"""Turn whoever acts into an `Actor`."""

from towerdesk.accounts.models import User
from towerdesk.accounts.roles import ASSISTANT, ROLES, RULE
from towerdesk.lib.actor import Actor


def agent(user: User) -> Actor:
    permissions = ROLES.get(user.role, frozenset()) if user.is_active else frozenset()
    return Actor(
        "agent", user.pk, user.name or user.email, permissions, frozenset(team.pk for team in user.teams.all())
    )


THE_ASSISTANT = Actor("assistant", None, "Assistant", ASSISTANT)


def rule(rule_id: int, name: str) -> Actor:
    return Actor("rule", rule_id, name, RULE)
