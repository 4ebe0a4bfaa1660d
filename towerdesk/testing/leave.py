"""A company that gives leave to use its mailboxes, in the place of Google, with an SMTP server that takes its tokens."""

import base64
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from towerdesk.channels.fake_server import serving
from towerdesk.channels.oauth.companies import GOOGLE, Company, put
from towerdesk.channels.oauth.companies import company as named
from towerdesk.channels.oauth.fake import FakeCompany
from towerdesk.testing.mails import Relay


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
