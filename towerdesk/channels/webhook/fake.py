"""A program that sends signed webhooks and takes replies by them, on loopback."""

import json
import time
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

from towerdesk.channels.contract import Account
from towerdesk.channels.fake_server import Asked, FakeServer, Says, ServedStory
from towerdesk.channels.webhook.signing import shown


class FakeProgram(FakeServer):
    """Takes what is signed with `secret`, and turns the rest away as a good receiver does."""

    secret = ""

    def respond(self, asked: Asked) -> Says:
        Webhook(self.secret).verify(asked.body, asked.headers)
        return Says(202)


def call(account: Account, id_: str, signed_at: float | None = None, **payload: Any) -> tuple[bytes, dict[str, str]]:
    """Body and headers, signed as the library of any other program does it."""
    body, moment = (
        json.dumps(payload).encode(),
        datetime.fromtimestamp(time.time() if signed_at is None else signed_at, UTC),
    )
    signature = Webhook(shown(account)).sign(id_, moment, body.decode())
    return body, {
        "webhook-id": id_,
        "webhook-timestamp": f"{int(moment.timestamp())}",
        "webhook-signature": signature,
    }


class Story(ServedStory[FakeProgram]):
    """See `testing.stories.Story`."""

    def __init__(self) -> None:
        super().__init__(FakeProgram())

    @property
    def values(self) -> dict[str, str]:
        return {"reply_url": f"{self.server.url}/replies"}

    def calls(self, account: Account, ours: str) -> list[tuple[bytes, dict[str, str]]]:
        self.server.secret = shown(account)
        at = int(time.time()) - 3600
        mara = {"sender": "mara@lindqvist.example", "sender_name": "Mara", "conversation": "c1"}
        told: list[dict[str, Any]] = [
            {**mara, "id": "m1", "text": "My grinder is loud", "at": at},
            {**mara, "id": "m2", "text": "Very loud", "at": at + 5},
            {**mara, "id": "m3", "text": "Hello?", "at": at + 9},
            {"ping": True},
        ]
        return [call(account, f"d{number}", **one) for number, one in enumerate(told)]
