from typing import Any

import pytest
from django.test import Client

from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import serving
from towerdesk.channels.models import Inbox
from towerdesk.channels.whatsapp.fake import NUMBER, SECRET, TOKEN, FakeWhatsApp, signature, told
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK

TEMPLATES = "order_news/en: Hello {{1}}, there is news about your order: {{2}}\nhello_world/en_US: Hello World"


@pytest.fixture
def meta(settings: Any) -> Any:
    settings.HOOK_HOSTS = ["127.0.0.1"]
    with serving(FakeWhatsApp()) as running:
        yield running


class Line:
    """The inbox with its number: `calls` is Meta's call, `read` the worker's turn, `arrives` both."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self.path = f"/hooks/{inbox.hook}"
        self.provider = Client()

    def calls(self, body: bytes, **headers: str) -> int:
        signed = headers or signature(body)
        return self.provider.post(self.path, body, content_type="application/json", headers=signed).status_code

    def arrives(self, *values: dict[str, Any], field: str = "messages") -> Raw:
        assert self.calls(told(*values, field=field)) == 200
        self.read()
        return Raw.objects.order_by("-pk")[0]

    def read(self) -> None:
        while waiting := list(Raw.objects.unfinished().order_by("pk").values_list("pk", flat=True)):
            for number in waiting:
                accept(number)


def connected(meta: FakeWhatsApp, team: Any, **values: str) -> Line:
    inbox = Inbox.objects.create(name="WhatsApp", address="whatsapp:15550100", channel="whatsapp", team=team)
    known = {"number": NUMBER, "token": TOKEN, "secret": SECRET, "server": f"{meta.url}/v24.0", "templates": TEMPLATES}
    connect(inbox, known | values, by=CLOCK)
    return Line(inbox)


@pytest.fixture
def line(desk: Any, meta: Any) -> Line:
    return connected(meta, desk.repairs)
