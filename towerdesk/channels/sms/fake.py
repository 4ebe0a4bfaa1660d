"""Twilio on loopback: a REST API that knows one account, its media, and who sent STOP."""

import base64
from typing import Any
from urllib.parse import urlencode

from towerdesk.channels.contract import Account
from towerdesk.channels.fake_server import Asked, FakeServer, Says, says, serving
from towerdesk.channels.sms.signature import form, signature

SID, TOKEN, NUMBER = "ACfake", "auth-token-fake", "+15550100"
HOME = f"/2010-04-01/Accounts/{SID}"


class FakeTwilio(FakeServer):
    """`sent` are the forms that it took. Media lie elsewhere, where nobody may show a password."""

    def __init__(self) -> None:
        super().__init__()
        self.media: dict[str, bytes] = {}
        self.stopped: set[str] = set()
        self.sent: list[dict[str, str]] = []

    def respond(self, asked: Asked) -> Says:
        name = asked.path.rpartition("/")[2]
        if asked.path.startswith("/cdn/"):
            return Says(400) if "authorization" in asked.headers else Says(body=self.media[name])
        known = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {known}":
            return wrong(20003, "Authenticate", 401)
        if asked.path == f"{HOME}.json":
            return says({"sid": SID, "friendly_name": "Brasswell"})
        if asked.path == f"{HOME}/Messages.json":
            return self._take(asked.form())
        return Says(307, headers={"Location": f"/cdn/{name}"}) if name in self.media else wrong(20404, "Not found", 404)

    def _take(self, said: dict[str, str]) -> Says:
        if said["To"] in self.stopped:
            return wrong(21610, "Attempt to send to unsubscribed recipient")
        if len(said["Body"]) > 1600:
            return wrong(21617, "The concatenated message body exceeds the 1600 character limit")
        self.sent.append(said)
        return says({"sid": f"SMours{len(self.sent)}", "status": "queued"}, 201)


def wrong(code: int, message: str, status: int = 400) -> Says:
    return says({"code": code, "message": message, "status": status}, status)


def post(url: str, token: str = TOKEN, **fields: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a call."""
    body = urlencode(fields).encode()
    return body, {"X-Twilio-Signature": signature(url, form(body), token)}


def message(id_: str, text: str, *, sender: str = "+972987654321", **more: str) -> dict[str, str]:
    mine = {"MessageSid": f"SM{id_}", "SmsStatus": "received", "AccountSid": SID, "From": sender, "To": NUMBER}
    return {**mine, "Body": text, **more}


def status(about: str, how: str, **more: str) -> dict[str, str]:
    return {"MessageSid": about, "SmsStatus": how, "MessageStatus": how, "AccountSid": SID, "From": NUMBER, **more}


class Story:
    """See `testing.stories.Story`. Twilio does not say when a message was written: the order of three is that of arrival."""

    def __init__(self) -> None:
        self.serving = serving(FakeTwilio())

    def __enter__(self) -> "Story":
        self.server = self.serving.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.serving.__exit__(None, None, None)

    @property
    def values(self) -> dict[str, str]:
        return {"sid": SID, "token": TOKEN, "sender": NUMBER, "server": self.server.url}

    def calls(self, account: Account, ours: str) -> list[tuple[bytes, dict[str, str]]]:
        self.server.media["ME1"] = b"\x89PNG"
        picture = {"NumMedia": "1", "MediaContentType0": "image/png", "MediaUrl0": f"{self.server.url}{HOME}/Media/ME1"}
        told: list[dict[str, Any]] = [
            message("a", "My grinder is loud"),
            message("b", "as you see", **picture),
            *(status(ours, how) for how in ("queued", "sent", "delivered")),
            status(ours, "undelivered", ErrorCode="30003"),
            status(ours, "read"),
            {"CallSid": "CA1", "CallStatus": "ringing", "From": "+972987654321"},
        ]
        return [post(account.hook, account.get("token"), **fields) for fields in told]
