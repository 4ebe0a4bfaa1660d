"""Telegram on loopback: a Bot API server that knows one bot, its hook, who blocked it, and its files."""

import json
import time
from typing import Any

from towerdesk.channels.contract import Account
from towerdesk.channels.fake_server import Asked, FakeServer, Says, ServedStory, says

TOKEN = "1234:AAE-fake"  # noqa: S105 - of no bot


class FakeTelegram(FakeServer):
    """`sent` is what the bot said: (chat, text, number of the message)."""

    def __init__(self) -> None:
        super().__init__()
        self.hook: dict[str, Any] = {}
        self.files: dict[str, bytes] = {}
        self.blocked: set[int] = set()
        self.sent: list[tuple[int, str, int]] = []
        self.number = 500

    def respond(self, asked: Asked) -> Says:
        before, _, method = asked.path.rpartition("/")
        if asked.path.startswith(f"/file/bot{TOKEN}/"):
            return Says(body=self.files[method]) if method in self.files else Says(404)
        if before != f"/bot{TOKEN}":
            return wrong(401, "Unauthorized")
        does = {
            "getMe": self._me,
            "setWebhook": self._set_hook,
            "getFile": self._file,
            "sendMessage": self._message,
            "sendDocument": self._document,
        }.get(method)
        return does(asked) if does else wrong(404, "Not Found")

    def _me(self, asked: Asked) -> Says:
        return says({"ok": True, "result": {"id": 1234, "is_bot": True, "username": "brasswell_bot"}})

    def _set_hook(self, asked: Asked) -> Says:
        self.hook = asked.json()
        return says({"ok": True, "result": True})

    def _file(self, asked: Asked) -> Says:
        id_ = asked.json()["file_id"]
        if id_ not in self.files:
            return wrong(400, "Bad Request: invalid file_id")
        return says({"ok": True, "result": {"file_id": id_, "file_path": f"documents/{id_}"}})

    def _message(self, asked: Asked) -> Says:
        values = asked.json()
        if len(values["text"].encode("utf-16-le")) > 2 * 4096:
            return wrong(400, "Bad Request: message is too long")
        return self._keep(int(values["chat_id"]), values["text"])

    def _document(self, asked: Asked) -> Says:
        fields = dict(part for part in _parts(asked) if part[0] != "document")
        return self._keep(int(fields["chat_id"]), fields["caption"])

    def _keep(self, chat: int, text: str) -> Says:
        if chat in self.blocked:
            return wrong(403, "Forbidden: bot was blocked by the user")
        self.number += 1
        self.sent.append((chat, text, self.number))
        return says({"ok": True, "result": {"message_id": self.number, "chat": {"id": chat}, "text": text}})


def wrong(status: int, why: str, **parameters: Any) -> Says:
    more = {"parameters": parameters} if parameters else {}
    return says({"ok": False, "error_code": status, "description": why, **more}, status)


def _parts(asked: Asked) -> list[tuple[str, str]]:
    """The plain fields of multipart/form-data, and the names of the files."""
    boundary = asked.headers["content-type"].partition("boundary=")[2].encode()
    found = []
    for part in asked.body.split(b"--" + boundary)[1:-1]:
        head, _, body = part.strip(b"\r\n").partition(b"\r\n\r\n")
        found.append((head.decode().partition('name="')[2].partition('"')[0], body.decode(errors="replace")))
    return found


def update(number: int, **what: Any) -> bytes:
    return json.dumps({"update_id": number, **what}).encode()


def message(number: int, text: str, *, date: int, chat: int = 23, name: str = "Sojan", **more: Any) -> dict[str, Any]:
    """A message that a person writes to the bot alone."""
    who = {"id": chat, "is_bot": False, "first_name": name}
    said = {"from": who, "chat": {"id": chat, "type": "private"}, "date": date, "text": text}
    return {"message_id": number, **said, **more}


class Story(ServedStory[FakeTelegram]):
    """See `testing.stories.Story`."""

    def __init__(self) -> None:
        super().__init__(FakeTelegram())

    @property
    def values(self) -> dict[str, str]:
        return {"token": TOKEN, "server": self.server.url}

    def calls(self, account: Account, ours: str) -> list[tuple[bytes, dict[str, str]]]:
        self.server.files["pic-1"] = b"\x89PNG"
        at, photo = int(time.time()) - 3600, [{"file_id": "pic-1", "file_size": 4, "width": 1, "height": 1}]
        keys = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y1"}]]}
        asked = message(8, "Solved?", date=at + 7) | {"reply_markup": keys}
        told: list[dict[str, Any]] = [
            {"message": message(5, "My grinder is loud", date=at)},
            {"message": message(6, "Vrey loud", date=at + 5)},
            {"message": message(7, "as you see", date=at + 5) | {"photo": photo}},
            {"edited_message": message(6, "Very loud", date=at + 5, edit_date=at + 9)},
            {"edited_message": message(6, "Very, very loud", date=at + 5, edit_date=at + 9)},
            {"callback_query": {"id": "77", "from": {"id": 23, "first_name": "Sojan"}, "data": "y1", "message": asked}},
            {"message": message(9, "/start", date=at + 10)},
            {"poll": {"id": "1"}},
        ]
        secret = {"X-Telegram-Bot-Api-Secret-Token": account.get("secret")}
        return [(update(number, **what), secret) for number, what in enumerate(told, start=40)]
