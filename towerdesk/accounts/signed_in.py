"""Who is signed in: asked by every page, so session and user come by queries that were built once.

Django finds both by their paths in the settings (`SESSION_ENGINE`, `AUTHENTICATION_BACKENDS`).
"""

from datetime import datetime

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.db.models import Exists, QuerySet

from towerdesk.accounts.models import Halt, User
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled


class SessionStore(DatabaseSessionStore):
    def _get_session_from_db(self) -> Session | None:
        found = _sessions(key=self.session_key, at=now()) if self.session_key else []
        if not found:
            self._session_key = None
        return found[0] if found else None


class Backend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: int) -> User | None:
        found: list[User] = _users(number=int(user_id))
        return found[0] if found and self.user_can_authenticate(found[0]) else None


@compiled
def _sessions(*, key: str, at: datetime) -> "QuerySet[Session]":
    return Session.objects.filter(session_key=key, expire_date__gt=at)


@compiled
def _users(*, number: int) -> "QuerySet[User]":
    """`stops` is 1 while the assistant is stopped: every page shows it, and this costs no query of its own."""
    in_force = Halt.objects.filter(lifted_at=None).order_by().values("pk")[:1]
    return User.objects.filter(pk=number).annotate(stops=Exists(in_force))
