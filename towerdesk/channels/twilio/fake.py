"""Twilio on loopback: a REST API that knows one account, its media, who sent STOP, and whom it is asked to ring."""

import base64
from urllib.parse import urlencode

from towerdesk.channels.fake_server import Asked, FakeServer, Says, says
from towerdesk.channels.twilio.signature import form, signature

SID, TOKEN, NUMBER = "ACfake", "auth-token-fake", "+15550100"
HOME = f"/2010-04-01/Accounts/{SID}"


class FakeTwilio(FakeServer):
    """`sent` and `rung` are the forms that it took. Media lie elsewhere, where nobody may show a password."""

    def __init__(self) -> None:
        super().__init__()
        self.media: dict[str, bytes] = {}
        self.stopped: set[str] = set()
        self.sent: list[dict[str, str]] = []
        self.rung: list[dict[str, str]] = []

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
        if asked.path == f"{HOME}/Calls.json":
            return self._ring(asked.form())
        return Says(307, headers={"Location": f"/cdn/{name}"}) if name in self.media else wrong(20404, "Not found", 404)

    def _take(self, said: dict[str, str]) -> Says:
        if said["To"] in self.stopped:
            return wrong(21610, "Attempt to send to unsubscribed recipient")
        if len(said["Body"]) > 1600:
            return wrong(21617, "The concatenated message body exceeds the 1600 character limit")
        self.sent.append(said)
        return says({"sid": f"SMours{len(self.sent)}", "status": "queued"}, 201)

    def _ring(self, said: dict[str, str]) -> Says:
        if not said["To"].startswith("+"):
            return wrong(21211, f"The phone number you are attempting to call, {said['To']}, is not valid.")
        if len(said["Twiml"]) > 4000:
            return wrong(21238, "TwiML is too long")
        self.rung.append(said)
        return says({"sid": f"CAours{len(self.rung)}", "status": "queued", "direction": "outbound-api"}, 201)


def wrong(code: int, message: str, status: int = 400) -> Says:
    return says({"code": code, "message": message, "status": status}, status)


def post(url: str, token: str = TOKEN, **fields: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a call."""
    body = urlencode(fields).encode()
    return body, {"X-Twilio-Signature": signature(url, form(body), token)}
