"""A company that gives leave, for tests: a server after RFC 6749, 7636 and 7662, and an SMTP server that takes its tokens."""

import base64
import hashlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from towerdesk.channels.fake_server import Asked, FakeServer, Says, says, serving
from towerdesk.channels.oauth.companies import GOOGLE, Company, put
from towerdesk.testing.mails import Relay

CLIENT, SECRET, USER = "client-1.example", "s3cret-1", "support@brasswell.example"


class FakeCompany(FakeServer):
    """`seconds`: how long its tokens are good. `turns`: each renewal gives a new refresh token and ends the old one."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds, self.turns = 3600, True
        self.made = 0
        self.codes: dict[str, dict[str, str]] = {}
        self.access: dict[str, str] = {}  # token → user
        self.renewals: dict[str, str] = {}
        self.is_taken_back = False

    @property
    def refreshes(self) -> int:
        return sum(asked.form().get("grant_type") == "refresh_token" for asked in self.asked if asked.path == "/token")

    def forget_tokens(self) -> None:
        """Before their time, as when somebody changes their password."""
        self.access.clear()

    def respond(self, asked: Asked) -> Says:
        if asked.path == "/authorize":
            return self._authorize(asked.query)
        if asked.path == "/token":
            return self._token(dict(parse_qsl(asked.body.decode())))
        if asked.path == "/introspect":
            user = self.access.get(asked.form().get("token", ""))
            return says({"active": True, "username": user} if user else {"active": False})
        return says({}, 404)

    def _authorize(self, query: dict[str, str]) -> Says:
        """The person says yes at once."""
        code = self._new("code")
        self.codes[code] = query
        back = {"code": code, "state": query["state"]}
        return Says(302, headers={"Location": f"{query['redirect_uri']}?{urlencode(back)}"})

    def _token(self, given: dict[str, str]) -> Says:
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT, SECRET):
            return says({"error": "invalid_client"}, 401)
        if given["grant_type"] == "refresh_token":
            user = self.renewals.get(given["refresh_token"], "")
            if self.turns:
                self.renewals.pop(given["refresh_token"], None)
        else:
            user = self._user_of(given)
        if not user or self.is_taken_back:
            return says({"error": "invalid_grant"}, 400)
        return says(self._tokens(user))

    def _user_of(self, given: dict[str, str]) -> str:
        asked = self.codes.pop(given["code"], None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        same = asked and asked["code_challenge"] == challenge and asked["redirect_uri"] == given["redirect_uri"]
        return asked["login_hint"] if asked and same else ""

    def _tokens(self, user: str) -> dict[str, Any]:
        access, renewal = self._new("access"), self._new("renewal")
        self.access[access] = user
        self.renewals[renewal] = user
        return {"access_token": access, "refresh_token": renewal, "expires_in": self.seconds, "token_type": "Bearer"}

    def _new(self, what: str) -> str:
        self.made += 1
        return f"{what}-{self.made}"


class TokenRelay(Relay):
    """A mail server that lets in whoever has a token."""

    def __init__(self, company: FakeCompany) -> None:
        super().__init__()
        self.company = company

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:  # noqa: N802 - as aiosmtpd finds it
        said = dict(part.partition("=")[::2] for part in base64.b64decode(args[1]).decode().split("\x01") if part)
        token = said["auth"].removeprefix("Bearer ")
        if self.company.access.get(token) == said["user"]:
            return AuthResult(success=True)
        await server.challenge_auth('{"status":"400"}', encode_to_b64=True)
        return AuthResult(success=False, handled=False)


@contextmanager
def company(*, imap: int = 0) -> Iterator[tuple[FakeCompany, TokenRelay]]:
    """In the place of Google. `imap`: the port of a server on loopback."""
    with serving(FakeCompany()) as fake, _relay(fake) as relay:
        was = put(_as_google(fake, relay, imap))
        try:
            yield fake, relay
        finally:
            put(was)


def at_imap(port: int) -> None:
    from towerdesk.channels.oauth.companies import company as named

    put(replace(named("google"), imap={"host": "127.0.0.1", "port": port, "tls": "none"}))


def _as_google(fake: FakeCompany, relay: TokenRelay, imap: int) -> Company:
    """oauthlib builds addresses for people over https only: the test that follows one takes that away again."""
    return replace(
        GOOGLE,
        authorize=f"{fake.url}/authorize".replace("http:", "https:"),
        token=f"{fake.url}/token",
        smtp=relay.url,
        imap={"host": "127.0.0.1", "port": imap, "tls": "none"},
    )


@contextmanager
def _relay(fake: FakeCompany) -> Iterator[TokenRelay]:
    kept = TokenRelay(fake)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port, auth_require_tls=False, auth_required=True)
    controller.start()
    kept.url = f"smtp://127.0.0.1:{port}"
    try:
        yield kept
    finally:
        controller.stop()
