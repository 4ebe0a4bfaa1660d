from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from towerdesk.channels.account import account_of
from towerdesk.channels.connect import connect
from towerdesk.channels.fake_server import serving
from towerdesk.channels.models import Inbox
from towerdesk.channels.twilio.fake import NUMBER, SID, TOKEN, FakeTwilio, post
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK
from towerdesk.testing.cast import Desk


class Line:
    """Twilio calls the desk's hook; `server` is what the desk calls."""

    def __init__(self, inbox: Inbox, server: FakeTwilio) -> None:
        self.inbox, self.server, self.hook = inbox, server, account_of(inbox).hook

    def calls(self, fields: dict[str, str], on: str = "", headers: dict[str, str] | None = None, **more: str) -> Any:
        query = "&".join([*([f"on={on}"] if on else []), *(f"{name}={value}" for name, value in more.items())])
        query = f"?{query}" if query else ""
        body, signed = post(self.hook + query, **fields)
        kind = "application/x-www-form-urlencoded"
        given = signed if headers is None else headers
        return Client().post(f"/hooks/{self.inbox.hook}{query}", body, content_type=kind, headers=given)

    def happens(self, fields: dict[str, str], on: str = "", **more: str) -> Raw:
        assert self.calls(fields, on, **more).status_code == 200
        self.work()
        return Raw.objects.order_by("-pk")[0]

    def work(self) -> None:
        """Until nothing waits: what is read may wake what came before it."""
        while waiting := list(Raw.objects.unfinished().order_by("pk").values_list("pk", flat=True)):
            for number in waiting:
                accept(number)


@pytest.fixture
def twilio(settings: Any) -> Iterator[FakeTwilio]:
    settings.HOOK_HOSTS = ["127.0.0.1"]
    settings.PUBLIC_URL = "https://desk.example"
    with serving(FakeTwilio()) as running:
        yield running


@pytest.fixture
def line(desk: Desk, twilio: FakeTwilio) -> Line:
    inbox = Inbox.objects.create(name="Telephone", address="voice:hotline", channel="voice", team=desk.repairs)
    connect(inbox, {"sid": SID, "token": TOKEN, "number": NUMBER, "server": twilio.url}, by=CLOCK)
    return Line(inbox, twilio)
