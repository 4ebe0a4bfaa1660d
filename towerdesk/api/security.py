"""Who asks: the actor of the API key. A request without one gets nothing."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from towerdesk.accounts.keys import actor_for
from towerdesk.lib.actor import Actor

type Asked = HttpRequest
"""A request whose `auth` is the `Actor` of its key."""


class Key(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return actor_for(token)


def asker(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor
