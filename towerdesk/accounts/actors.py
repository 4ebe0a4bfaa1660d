"""Turn whoever acts into an `Actor`."""

from towerdesk.accounts.models import ApiKey, User
from towerdesk.accounts.roles import ASSISTANT, ROLES, RULE
from towerdesk.lib.actor import Actor


def agent(user: User) -> Actor:
    permissions = ROLES.get(user.role, frozenset()) if user.is_active else frozenset()
    return Actor(
        "agent", user.pk, user.name or user.email, permissions, frozenset(team.pk for team in user.teams.all())
    )


def key(api_key: ApiKey) -> Actor:
    permissions = frozenset() if api_key.revoked_at else ROLES.get(api_key.role, frozenset())
    return Actor("key", api_key.pk, api_key.name, permissions, frozenset(team.pk for team in api_key.teams.all()))


THE_ASSISTANT = Actor("assistant", None, "Assistant", ASSISTANT)


def rule(rule_id: int, name: str) -> Actor:
    return Actor("rule", rule_id, name, RULE)
