"""Meta on loopback: a Graph API that knows one number, its media, and says no in the ways that Meta does."""

import hashlib
import hmac
import json
import time
from typing import Any

from towerdesk.channels.contract import Account
from towerdesk.channels.fake_server import Asked, FakeServer, Says, ServedStory, says

TOKEN, SECRET, NUMBER = "EAAG-fake", "app-secret-fake", "1122334455667"


class FakeWhatsApp(FakeServer):
    """`sent` are the messages that it took, as they were sent."""

    def __init__(self) -> None:
        super().__init__()
        self.media: dict[str, bytes] = {}
        self.sent: list[dict[str, Any]] = []

    def respond(self, asked: Asked) -> Says:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return wrong(190, "Error validating access token: Session has expired", status=401)
        if asked.path == f"/v24.0/{NUMBER}":
            return says({"display_phone_number": "+1 555-0100", "verified_name": "Brasswell", "id": NUMBER})
        if asked.path == f"/v24.0/{NUMBER}/messages":
            return self._take(asked.json())
        if asked.path == f"/v24.0/{NUMBER}/media":
            self.media[f"up-{len(self.media)}"] = asked.body
            return says({"id": f"up-{len(self.media) - 1}"})
        return self._media(asked.path.rpartition("/")[2], file=asked.path.startswith("/file/"))

    def _take(self, message: dict[str, Any]) -> Says:
        if message["type"] == "text" and len(message["text"]["body"]) > 4096:
            return wrong(100, "Param text['body'] must be at most 4096 characters long.")
        self.sent.append(message)
        return says({"messaging_product": "whatsapp", "messages": [{"id": f"wamid.ours{len(self.sent)}"}]})

    def _media(self, id_: str, *, file: bool) -> Says:
        if id_ not in self.media:
            return wrong(100, "Unsupported get request. Object does not exist")
        if file:
            return Says(body=self.media[id_])
        return says({"url": f"{self.url}/file/{id_}", "file_size": len(self.media[id_]), "id": id_})


def wrong(code: int, message: str, status: int = 400, **data: Any) -> Says:
    told = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    return says({"error": {**told, **({"error_data": data} if data else {})}}, status)


def signature(body: bytes, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}"}


def told(*values: dict[str, Any], field: str = "messages") -> bytes:
    """A call with one change for each value, of two entries."""
    metadata = {"display_phone_number": "15550100", "phone_number_id": NUMBER}
    changes = [{"value": {"metadata": metadata, **value}, "field": field} for value in values]
    entries = [{"id": "1", "changes": changes[:1]}, {"id": "2", "changes": changes[1:]}]
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


def message(id_: str, text: str = "", *, at: float = 0, sender: str = "972987654321", **more: Any) -> dict[str, Any]:
    """The value of a change with one message of Mara's."""
    said = {"type": "text", "text": {"body": text}} if "type" not in more else {}
    one = {"from": sender, "id": f"wamid.{id_}", "timestamp": f"{int(at or time.time())}", **said, **more}
    return {"contacts": [{"profile": {"name": "Mara"}, "wa_id": sender}], "messages": [one]}


def status(about: str, how: str, *, at: float = 0, **more: Any) -> dict[str, Any]:
    one = {"id": about, "status": how, "timestamp": f"{int(at or time.time())}", "recipient_id": "972987654321"}
    return {"statuses": [{**one, **more}]}


class Story(ServedStory[FakeWhatsApp]):
    """See `testing.stories.Story`."""

    def __init__(self) -> None:
        super().__init__(FakeWhatsApp())

    @property
    def values(self) -> dict[str, str]:
        return {"number": NUMBER, "token": TOKEN, "secret": SECRET, "server": f"{self.server.url}/v24.0"}

    def calls(self, account: Account, ours: str) -> list[tuple[bytes, dict[str, str]]]:
        self.server.media["pic-1"] = b"\x89PNG"
        at = int(time.time()) - 3600
        photo: dict[str, Any] = {
            "type": "image",
            "image": {"id": "pic-1", "mime_type": "image/png", "caption": "as you see"},
        }
        bodies = [
            told(message("a", "My grinder is loud", at=at)),
            told(message("b", "Vrey loud", at=at + 5), message("c", at=at + 7, **photo)),
            told(_edit("d", "b", "Very loud", at=at + 9)),
            told(_edit("e", "b", "Very, very loud", at=at + 12)),
            told(message("f", "My password is hunter2", at=at + 20)),
            told(message("g", at=at + 25, type="revoke", revoke={"original_message_id": "wamid.f"})),
            told(message("h", at=at + 26, type="reaction", reaction={"message_id": ours, "emoji": "👍"})),
            told(status(ours, "sent", at=at + 30), status(ours, "delivered", at=at + 31)),
            told(status(ours, "read", at=at + 32)),
            told({"event": "ACCOUNT_UPDATE"}, field="account_update"),
        ]
        return [(body, signature(body, account.get("secret"))) for body in bodies]


def _edit(id_: str, of: str, text: str, *, at: float) -> dict[str, Any]:
    edit = {"original_message_id": f"wamid.{of}", "message": {"type": "text", "text": {"body": text}}}
    return message(id_, at=at, type="edit", edit=edit)
