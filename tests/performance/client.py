"""Those who use the desk from outside: a browser that is signed in, a program with a key, a mail server."""

import http.client
import json
import smtplib
from typing import Any

from tests.performance.desk import EMAIL, Desk


class Browser:
    """One connection that stays open. An answer other than the expected one is an error."""

    def __init__(self, desk: Desk, headers: dict[str, str]) -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=60)
        self.headers = headers

    def get(self, path: str) -> bytes:
        return self._ask("GET", path, None, 200)

    def post(self, path: str, said: dict[str, Any]) -> Any:
        return json.loads(self._ask("POST", path, json.dumps(said), 201))

    def _ask(self, method: str, path: str, body: str | None, expected: int) -> bytes:
        self.link.request(method, path, body, self.headers)
        answer = self.link.getresponse()
        content = answer.read()
        if answer.status != expected:
            raise RuntimeError(f"{method} {path} answered {answer.status}: {content[:300]!r}")
        return content


def signed_in(desk: Desk) -> Browser:
    """The administrator's browser, with a session as signing in makes one."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from towerdesk.accounts.models import User

    user = User.objects.get(email=EMAIL)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return Browser(desk, {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"})


def with_key(desk: Desk) -> Browser:
    from towerdesk.accounts.keys import create_key
    from towerdesk.lib.actor import CLOCK

    _, secret = create_key("bench", "agent", by=CLOCK)
    return Browser(desk, {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"})


class MailServer:
    """Hands over one mail after the other in one SMTP session."""

    def __init__(self, desk: Desk) -> None:
        self.link = smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=60)

    def send(self, sender: str, to: str, mail: bytes) -> None:
        self.link.sendmail(sender, [to], mail)
