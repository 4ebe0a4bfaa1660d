"""A company that gives leave, for tests: a server after RFC 6749, 7636 and 7662. `testing.leave` puts it in Google's place."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qsl, urlencode

from towerdesk.channels.fake_server import Asked, FakeServer, Says, says

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
