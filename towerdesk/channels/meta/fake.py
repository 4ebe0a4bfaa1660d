"""Meta on loopback: a Graph API that knows one page or account, who writes to it, and their files; it says no as Meta does."""

import hashlib
import hmac
import json
import time
from typing import Any

from towerdesk.channels.fake_server import Asked, FakeServer, Says, says

TOKEN, SECRET, OURS = "EAAG-fake", "app-secret-fake", "1001"
MARA = "6620"


class FakeGraph(FakeServer):
    """`sent` are the messages that it took, `comments` what was written in public: (under what, words)."""

    longest, replies = 2000, "comments"

    def __init__(self, told: dict[str, Any], name: dict[str, Any]) -> None:
        super().__init__()
        self.told, self.name = told, name
        self.media: dict[str, tuple[str, bytes]] = {}
        self.sent: list[dict[str, Any]] = []
        self.comments: list[tuple[str, str]] = []
        self.subscribed = ""

    def respond(self, asked: Asked) -> Says:
        """Files lie on another host at Meta's, which asks for no token."""
        *before, last = asked.path.strip("/").split("/")
        if before[:1] == ["cdn"]:
            type_, content = self.media.get(last, ("text/plain", b""))
            return Says(200 if content else 404, content, {"Content-Type": type_})
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return wrong(190, "Error validating access token: Session has expired", status=401)
        does = {
            "messages": self._take,
            "subscribed_apps": self._subscribe,
            "message_attachments": self._upload,
            self.replies: self._comment,
        }.get(last)
        return does(asked) if does else self._node(last)

    def _node(self, id_: str) -> Says:
        if id_ == OURS:
            return says({"id": OURS, **self.told})
        if id_ == MARA:
            return says({"id": MARA, **self.name})
        return wrong(100, "Unsupported get request. Object does not exist", error_subcode=33)

    def _take(self, asked: Asked) -> Says:
        message = asked.json()
        if self._weight(message["message"].get("text", "")) > self.longest:
            return wrong(100, f"Length of param message[text] must be at most {self.longest}")
        self.sent.append(message)
        return says({"recipient_id": message["recipient"]["id"], "message_id": f"m_ours{len(self.sent)}"})

    def _weight(self, text: str) -> int:
        return len(text)

    def _subscribe(self, asked: Asked) -> Says:
        self.subscribed = asked.form()["subscribed_fields"]
        return says({"success": True})

    def _upload(self, asked: Asked) -> Says:
        assert b'name="filedata"' in asked.body  # noqa: S101 - of a fake
        return says({"attachment_id": f"{7000 + len(self.asked)}"})

    def _comment(self, asked: Asked) -> Says:
        under = asked.path.split("/")[-2]
        self.comments.append((under, asked.form()["message"]))
        return says({"id": f"{under.partition('_')[0]}_9{len(self.comments)}"})

    def cdn(self, name: str, type_: str, content: bytes) -> str:
        """A file that somebody sends: its address."""
        self.media[name] = (type_, content)
        return f"{self.url}/cdn/{name}"


def wrong(code: int, message: str, status: int = 400, **more: Any) -> Says:
    told = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    return says({"error": {**told, **more}}, status)


def signature(body: bytes, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}"}


def told(object_: str, *events: dict[str, Any], page: str = OURS, lists: str = "messaging", at: float = 0) -> bytes:
    """A call with one entry for each event."""
    moment = int((at or time.time()) * 1000)
    entries = [{"id": page, "time": moment, lists: [event]} for event in events]
    return json.dumps({"object": object_, "entry": entries}).encode()


def changed(object_: str, field: str, value: dict[str, Any], *, at: float = 0) -> bytes:
    """Of what is public: entries with changes, dated in seconds."""
    entry = {"id": OURS, "time": int(at or time.time()), "changes": [{"field": field, "value": value}]}
    return json.dumps({"object": object_, "entry": [entry]}).encode()


def event(*, at: float = 0, sender: str = MARA, to: str = OURS, **what: Any) -> dict[str, Any]:
    return {
        "sender": {"id": sender},
        "recipient": {"id": to},
        "timestamp": int((at or time.time()) * 1000),
        **what,
    }


def message(mid: str, text: str = "", *, at: float = 0, **more: Any) -> dict[str, Any]:
    said = {"text": text} if text else {}
    return event(at=at, message={"mid": f"m_{mid}", **said, **more})


def echo(mid: str, text: str, *, at: float = 0, to: str = MARA, **more: Any) -> dict[str, Any]:
    return event(at=at, sender=OURS, to=to, message={"mid": mid, "text": text, "is_echo": True, **more})


def attached(kind: str, url: str, **more: Any) -> list[dict[str, Any]]:
    return [{"type": kind, "payload": {"url": url, **more}}]


def talk(server: FakeGraph, ours: str, at: int) -> list[list[dict[str, Any]]]:
    """What is the same by Messenger and Instagram: the events of one conversation, a list for each call."""
    picture = attached("image", server.cdn("pic.png", "image/png", b"\x89PNG"))
    return [
        [message("a", "My grinder is loud", at=at)],
        [message("b", "Vrey loud", at=at + 5), message("c", at=at + 7, attachments=picture)],
        [event(at=at + 9, message_edit={"mid": "m_b", "text": "Very loud", "num_edit": 1})],
        [event(at=at + 12, message_edit={"mid": "m_b", "text": "Very, very loud", "num_edit": 2})],
        [message("d", "My password is hunter2", at=at + 20)],
        [
            event(at=at + 25, message={"mid": "m_d", "is_deleted": True}),
            event(at=at + 26, reaction={"mid": ours, "action": "react", "reaction": "love", "emoji": "❤"}),
        ],
        [
            echo(ours, "Turn it by half", at=at + 28),
            echo("m_elsewhere", "We rang you", at=at + 30),
            event(at=at + 33, postback={"mid": "m_e", "title": "Talk to a person", "payload": "HUMAN"}),
            event(at=at + 40, pass_thread_control={"new_owner_app_id": "263902037430900"}),
        ],
    ]
