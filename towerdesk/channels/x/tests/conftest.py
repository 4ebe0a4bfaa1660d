from typing import Any

import pytest
from django.test import Client

from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import serving
from towerdesk.channels.models import Inbox
from towerdesk.channels.x.fake import KEYS, FakeX, call, signature
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK


class Line:
    """The inbox of an account: `calls` is X's call, `read` the worker's turn, `arrives` both."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self.path = f"/hooks/{inbox.hook}"
        self.provider = Client()

    def calls(self, body: bytes, **headers: str) -> int:
        signed = headers or signature(body)
        return self.provider.post(self.path, body, content_type="application/json", headers=signed).status_code

    def arrives(self, **kinds: Any) -> Raw:
        return self.told(call(**kinds))

    def told(self, body: bytes) -> Raw:
        assert self.calls(body) == 200
        self.read()
        return Raw.objects.order_by("-pk")[0]

    def read(self) -> None:
        while waiting := list(Raw.objects.unfinished().order_by("pk").values_list("pk", flat=True)):
            for number in waiting:
                accept(number)


@pytest.fixture
def server(settings: Any) -> Any:
    settings.HOOK_HOSTS = ["127.0.0.1"]
    with serving(FakeX()) as running:
        yield running


@pytest.fixture
def line(desk: Any, server: FakeX) -> Line:
    inbox = Inbox.objects.create(name="X", address="x:brasswell", channel="x", team=desk.repairs)
    connect(inbox, {**KEYS, "server": server.url}, by=CLOCK)
    return Line(inbox)
