from typing import Any

import pytest
from django.test import Client

from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import serving
from towerdesk.channels.messenger.fake import OURS, SECRET, TOKEN, FakePage, signature, told
from towerdesk.channels.models import Inbox
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK


class Line:
    """The inbox of a page: `calls` is Meta's call, `read` the worker's turn, `arrives` and `told` both."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self.path = f"/hooks/{inbox.hook}"
        self.provider = Client()

    def calls(self, body: bytes, **headers: str) -> int:
        signed = headers or signature(body)
        return self.provider.post(self.path, body, content_type="application/json", headers=signed).status_code

    def arrives(self, *events: dict[str, Any], **more: Any) -> Raw:
        return self.told(told(*events, **more))

    def told(self, body: bytes) -> Raw:
        assert self.calls(body) == 200
        self.read()
        return Raw.objects.order_by("-pk")[0]

    def read(self) -> None:
        while waiting := list(Raw.objects.unfinished().order_by("pk").values_list("pk", flat=True)):
            for number in waiting:
                accept(number)


@pytest.fixture
def meta(settings: Any) -> Any:
    settings.HOOK_HOSTS = ["127.0.0.1"]
    with serving(FakePage()) as running:
        yield running


def connected(meta: FakePage, team: Any, **values: str) -> Line:
    inbox = Inbox.objects.create(name="Page", address="messenger:brasswell", channel="messenger", team=team)
    known = {"page": OURS, "token": TOKEN, "secret": SECRET, "server": f"{meta.url}/v24.0"}
    connect(inbox, known | values, by=CLOCK)
    return Line(inbox)


@pytest.fixture
def line(desk: Any, meta: FakePage) -> Line:
    return connected(meta, desk.repairs)


@pytest.fixture
def human(desk: Any, meta: FakePage) -> Line:
    """Meta has granted the app Human Agent."""
    return connected(meta, desk.repairs, human="yes")
