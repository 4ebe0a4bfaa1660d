"""X on loopback: an API that checks every signature with oauthlib, takes posts and direct messages, and has ceilings."""

import json
import time
from collections.abc import Sequence
from typing import Any

from oauthlib.oauth1 import RequestValidator, ResourceEndpoint

from towerdesk.channels.contract import Account
from towerdesk.channels.fake_server import Asked, FakeServer, Says, ServedStory, says
from towerdesk.channels.x.read import EPOCH
from towerdesk.channels.x.signature import HEADER, signed
from towerdesk.channels.x.weight import weight

OURS, MARA = "4337869213", "3001969357"
KEYS = {"key": "key-fake-0123456789", "secret": "secret-fake", "token": f"{OURS}-tokenfake", "token_secret": "ts-fake"}


class _Keys(RequestValidator):  # type: ignore[misc]
    """The keys of the one app and account."""

    enforce_ssl = False
    client_key_length = (10, 60)
    access_token_length = (10, 60)
    nonce_length = (10, 60)

    def validate_timestamp_and_nonce(self, *_: Any, **__: Any) -> bool:
        return True

    def validate_client_key(self, client_key: str, request: Any) -> bool:
        return client_key == KEYS["key"]

    def validate_access_token(self, client_key: str, token: str, request: Any) -> bool:
        return token == KEYS["token"]

    def validate_realms(self, *_: Any, **__: Any) -> bool:
        return True

    def get_client_secret(self, client_key: str, request: Any) -> str:
        return KEYS["secret"]

    def get_access_token_secret(self, client_key: str, token: str, request: Any) -> str:
        return KEYS["token_secret"]

    @property
    def safe_characters(self) -> set[str]:
        return {*super().safe_characters, "-"}

    dummy_client, dummy_access_token = "none-none-none", "none-none-none"


class FakeX(FakeServer):
    """`posts` are (text, under what), `direct` is (to whom, what); `media` lies where only a signature leads."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = ResourceEndpoint(_Keys())
        self.posts: list[tuple[str, str]] = []
        self.direct: list[tuple[str, dict[str, Any]]] = []
        self.media: dict[str, bytes] = {}
        self.subscribed: list[str] = []

    def respond(self, asked: Asked) -> Says:
        good, _ = self.gate.validate_protected_resource_request(
            f"{self.url}{asked.path}", asked.method, b"", {"Authorization": asked.headers.get("authorization", "")}
        )
        if not good:
            return wrong(401, "Unauthorized", 89, "Invalid or expired token.")
        *before, last = asked.path.strip("/").split("/")
        if asked.path == "/2/users/me":
            return says({"data": {"id": OURS, "name": "Brasswell", "username": "brasswell"}})
        if asked.path == "/2/tweets":
            return self._post(asked.json())
        if before[-1:] == ["subscriptions"]:
            self.subscribed.append(before[-2])
            return says({"data": {"subscribed": True}})
        if asked.path == "/2/media/upload":
            return says({"data": {"id": f"{9000 + len(self.asked)}", "media_key": "3_1"}})
        if before[:2] == ["2", "dm_conversations"]:
            self.direct.append((before[-1], asked.json()))
            return says({"data": {"dm_conversation_id": "1-2", "dm_event_id": f"{800 + len(self.direct)}"}}, 201)
        return Says(body=self.media[last]) if last in self.media else wrong(404, "Not Found Error")

    def _post(self, told: dict[str, Any]) -> Says:
        if weight(told["text"]) > 280:
            return wrong(400, "Your Tweet text is too long")
        self.posts.append((told["text"], told["reply"]["in_reply_to_tweet_id"]))
        return says({"data": {"id": f"{900 + len(self.posts)}", "text": told["text"]}}, 201)


def wrong(status: int, title: str, code: int = 0, message: str = "", **headers: str) -> Says:
    told: dict[str, Any] = {"title": title, "status": status, "type": "about:blank"}
    told |= {"errors": [{"code": code, "message": message}]} if code else {"detail": title}
    return says(told, status, **headers)


def call(user: str = OURS, **kinds: Sequence[Any] | dict[str, Any]) -> bytes:
    who = {"id": MARA, "name": "Mara Lindqvist", "screen_name": "mara"}
    return json.dumps({"for_user_id": user, "users": {MARA: who}, "apps": {}, **kinds}).encode()


def signature(body: bytes, secret: str = KEYS["secret"]) -> dict[str, str]:
    return {HEADER: signed(body, secret)}


def direct(id_: str, text: str, *, at: float = 0, by: str = MARA, to: str = OURS, **data: Any) -> dict[str, Any]:
    said = {"text": text, "entities": {"urls": []}, **data}
    message = {"target": {"recipient_id": to}, "sender_id": by, "message_data": said}
    stamp = f"{int((at or time.time()) * 1000)}"
    return {"type": "message_create", "id": id_, "created_timestamp": stamp, "message_create": message}


def post(
    id_: str, text: str, *, at: float = 0, by: str = MARA, name: str = "Mara Lindqvist", **more: Any
) -> dict[str, Any]:
    return {
        "created_at": "Wed Oct 10 20:19:24 +0000 2018",
        "id_str": id_,
        "text": text,
        "user": {"id_str": by, "name": name, "screen_name": "mara"},
        "in_reply_to_status_id_str": None,
        "in_reply_to_user_id_str": OURS,
        "entities": {"urls": [], "user_mentions": [{"id_str": OURS, "screen_name": "brasswell"}]},
        "timestamp_ms": f"{int((at or time.time()) * 1000)}",
        **more,
    }


def edited(id_: str, first: str, text: str, **more: Any) -> dict[str, Any]:
    history = {"initial_tweet_id": first, "edit_tweet_ids": [first, id_]}
    return post(id_, text, edit_history=history, **more)


def deleted(id_: str, *, at: float, by: str = MARA) -> dict[str, Any]:
    return {"status": {"id": id_, "user_id": by}, "timestamp_ms": f"{int(at * 1000)}"}


def read_until(at: float) -> dict[str, Any]:
    """The id of a message tells when it was written."""
    last = f"{(int(at * 1000) - EPOCH) << 22}"
    return {"sender_id": MARA, "target": {"recipient_id": OURS}, "last_read_event_id": last}


class Story(ServedStory[FakeX]):
    """See `testing.stories.Story`."""

    def __init__(self) -> None:
        super().__init__(FakeX())

    @property
    def values(self) -> dict[str, str]:
        return {**KEYS, "server": self.server.url}

    def calls(self, account: Account, ours: str) -> list[tuple[bytes, dict[str, str]]]:
        self.server.media["pic"] = b"\x89PNG"
        photo = {"type": "photo", "media_url_https": f"{self.server.url}/dm/pic", "url": "https://t.co/p"}
        at = self.at
        said = direct(ours.removeprefix("dm:"), "Turn it by half", at=at + 6, by=OURS, to=MARA)
        sorry = post("56", "@mara Sorry", at=at + 40, by=OURS, in_reply_to_user_id_str=MARA)
        like = {"favorited_status": {"id_str": "56"}, "user": {"id_str": MARA, "name": "Mara"}}
        bodies = [
            call(direct_message_events=[direct("1", "My grinder is loud", at=at)]),
            call(
                direct_message_events=[direct("2", "See https://t.co/p", at=at + 3, attachment={"media": photo}), said]
            ),
            call(direct_message_events=[direct("4", "We rang you", at=at + 9, by=OURS, to=MARA)]),
            call(direct_message_mark_read_events=[read_until(at + 7200)], follow_events=[{"type": "follow"}]),
            call(tweet_create_events=[post("51", "@brasswell vrey loud", at=at + 20)]),
            call(tweet_create_events=[edited("52", "51", "@brasswell very loud", at=at + 25)]),
            call(tweet_create_events=[edited("53", "51", "@brasswell very, very loud", at=at + 29)]),
            call(tweet_create_events=[post("54", "@brasswell hunter2", at=at + 30), post("55", "Hm", at=at + 31)]),
            call(tweet_delete_events=[deleted("54", at=at + 35)]),
            call(tweet_create_events=[sorry], favorite_events=[like]),
        ]
        return [(body, signature(body, account.get("secret"))) for body in bodies]
