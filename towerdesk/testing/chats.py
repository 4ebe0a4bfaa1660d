"""A chat inbox for tests: the fake provider calls its hook as a real one does."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.test import Client

from towerdesk.channels import registry
from towerdesk.channels.account import account_of
from towerdesk.channels.connect import connect
from towerdesk.channels.fake import FakeChat, signature
from towerdesk.channels.models import Inbox
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK
from towerdesk.testing.cast import Desk

type Post = Callable[[str, bytes, dict[str, str]], int]
"""Path, body and headers of a call to its status."""


class Chat:
    """`says`, `edits` and so on are the provider's calls; `read` is the worker's turn."""

    def __init__(self, inbox: Inbox, fake: FakeChat) -> None:
        self.inbox = inbox
        self.fake = fake
        self.secret = account_of(inbox).get("secret")
        self.path = f"/hooks/{inbox.hook}"
        self.number = 0
        self.provider = Client()

    def one(self, text: str = "", **more: Any) -> dict[str, Any]:
        """A happening of Mara's, unless it says otherwise."""
        self.number += 1
        mine = {"id": f"d{self.number}", "sender": "77", "sender_name": "Mara", "conversation": "c1"}
        return {**mine, "text": text, "external_id": f"m{self.number}", **more}

    def call(self, *happenings: dict[str, Any], at: float | None = None, **headers: str) -> Any:
        body = json.dumps(happenings).encode()
        signed = {"X-Fake-Signature": signature(body, self.secret, at), **headers}
        return self.provider.post(self.path, body, content_type="application/json", headers=signed)

    def arrives(self, text: str = "", **more: Any) -> Raw:
        """Called, kept and read."""
        assert self.call(self.one(text, **more)).status_code == 200  # noqa: S101
        self.read()
        return Raw.objects.order_by("-pk")[0]

    def read(self) -> None:
        """As the worker does: whatever is stored, until nothing is."""
        while waiting := list(Raw.objects.unfinished().order_by("pk").values_list("pk", flat=True)):
            for number in waiting:
                accept(number)


def chat_inbox(desk: Desk, address: str = "fakechat:brasswell") -> Inbox:
    inbox = Inbox.objects.create(name="Chat", address=address, channel="fakechat", team=desk.repairs)
    connect(inbox, {"token": "t-1"}, by=CLOCK)
    return inbox


@contextmanager
def chatting(desk: Desk) -> Iterator[Chat]:
    fake = FakeChat()
    registry.put("fakechat", fake)
    try:
        yield Chat(chat_inbox(desk), fake)
    finally:
        registry.put("fakechat", None)
