from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from towerdesk.channels.account import account_of
from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import serving
from towerdesk.channels.models import Inbox
from towerdesk.channels.slack import api
from towerdesk.channels.slack.fake import BOT, SECRET, TOKEN, FakeSlack, event, message, signed, ts
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK
from towerdesk.testing.cast import Desk


class Workspace:
    """Slack calls the desk's hook; `server` is what the desk calls."""

    def __init__(self, inbox: Inbox, server: FakeSlack) -> None:
        self.inbox, self.server = inbox, server
        self.number = 0

    def call(self, body: bytes, headers: dict[str, str] | None = None, type_: str = "application/json") -> Any:
        given = signed(body) if headers is None else headers
        return Client().post(f"/hooks/{self.inbox.hook}", body, content_type=type_, headers=given)

    def happens(self, what: dict[str, Any]) -> Raw:
        """An event that is called, kept and read."""
        self.number += 1
        return self.calls(event(self.number, what))

    def calls(self, body: bytes) -> Raw:
        assert self.call(body).status_code == 200
        found = Raw.objects.order_by("-pk")[0]
        self.read()
        found.refresh_from_db()
        return found

    def says(self, text: str, ts: str, **more: Any) -> Raw:
        return self.happens(message(text, ts, **more))

    def read(self) -> None:
        while waiting := list(Raw.objects.unfinished().order_by("pk").values_list("pk", flat=True)):
            for number in waiting:
                accept(number)

    @property
    def account(self) -> Any:
        return account_of(self.inbox)


@pytest.fixture
def server() -> Iterator[FakeSlack]:
    api._known.clear()
    with serving(FakeSlack()) as running:
        yield running


@pytest.fixture
def opened(desk: Desk, server: FakeSlack, settings: Any) -> Callable[..., Workspace]:
    settings.HOOK_HOSTS = ["127.0.0.1"]

    def make(address: str = "slack:brasswell", **values: str) -> Workspace:
        inbox = Inbox.objects.create(name="Slack", address=address, channel="slack", team=desk.repairs)
        connect(inbox, {"token": TOKEN, "secret": SECRET, "server": server.url, **values}, by=CLOCK)
        return Workspace(inbox, server)

    return make


@pytest.fixture
def slack(opened: Callable[..., Workspace]) -> Workspace:
    return opened()


@pytest.fixture
def ticket(slack: Workspace) -> Any:
    """Mara calls the app by name in a channel."""
    return slack.says(f"<@{BOT}> my grinder is loud", ts(0)).ticket
