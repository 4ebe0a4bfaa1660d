import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from towerdesk.channels.account import account_of
from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import serving
from towerdesk.channels.models import Inbox
from towerdesk.channels.msteams import api, tokens
from towerdesk.channels.msteams.fake import APP, CHANNEL, PASSWORD, TENANT, FakeTeams, message, number, signed
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK
from towerdesk.testing.cast import Desk


class Organisation:
    """Teams calls the desk's hook; `server` is Microsoft, which the desk calls."""

    def __init__(self, inbox: Inbox, server: FakeTeams) -> None:
        self.inbox, self.server = inbox, server

    def call(self, body: bytes, headers: dict[str, str] | None = None) -> Any:
        given = signed(body) if headers is None else headers
        return Client().post(f"/hooks/{self.inbox.hook}", body, content_type="application/json", headers=given)

    def happens(self, what: dict[str, Any]) -> Raw:
        """An activity that is called, kept and read; of a call with two parts the message."""
        before = Raw.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        assert self.call(json.dumps(what).encode()).status_code == 200
        found = Raw.objects.filter(pk__gt=before).order_by("pk")[0]
        self.read()
        found.refresh_from_db()
        return found

    def says(self, text: str, second: int = 0, **more: Any) -> Raw:
        return self.happens(message(text, number(second), url=self.server.url, **more))

    def read(self) -> None:
        while waiting := list(Raw.objects.unfinished().order_by("pk").values_list("pk", flat=True)):
            for one in waiting:
                accept(one)

    @property
    def account(self) -> Any:
        return account_of(Inbox.objects.get(pk=self.inbox.pk))


@pytest.fixture
def server() -> Iterator[FakeTeams]:
    api._known.clear()
    tokens._known.clear()
    with serving(FakeTeams()) as running:
        yield running


@pytest.fixture
def opened(desk: Desk, server: FakeTeams, settings: Any) -> Callable[..., Organisation]:
    settings.HOOK_HOSTS = ["127.0.0.1"]

    def make(address: str = "msteams:brasswell", **values: str) -> Organisation:
        inbox = Inbox.objects.create(name="Teams", address=address, channel="msteams", team=desk.repairs)
        given = {"app": APP, "password": PASSWORD, "tenant": TENANT, "server": server.url}
        connect(inbox, {**given, **values}, by=CLOCK)
        return Organisation(inbox, server)

    return make


@pytest.fixture
def teams(opened: Callable[..., Organisation]) -> Organisation:
    return opened()


def thread(second: int = 0) -> str:
    return f"{CHANNEL};messageid={number(second)}"


@pytest.fixture
def ticket(teams: Organisation) -> Any:
    """Mara calls the app by name in a channel."""
    return teams.says("my grinder is loud", calls=True, conversation=thread()).ticket
