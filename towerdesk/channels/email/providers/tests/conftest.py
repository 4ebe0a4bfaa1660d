from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from towerdesk.channels.account import account_of
from towerdesk.channels.connect import choose_provider, connect
from towerdesk.channels.email.address import message_id
from towerdesk.channels.email.providers.fake import FAKES, Fake, FakeApi, Posted
from towerdesk.channels.fake_server import serving
from towerdesk.channels.models import Inbox
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.testing.cast import Desk
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reply import reply


@dataclass
class Post:
    """An inbox whose mail a provider brings."""

    inbox: Inbox
    fake: Fake

    @property
    def path(self) -> str:
        return f"/hooks/{self.inbox.hook}"

    def call(self, posted: Posted, **other: str) -> Any:
        headers = {**posted.headers, **other}
        path = f"{self.path}{posted.path}"
        return Client().generic("POST", path, posted.body, content_type=posted.type, headers=headers)

    def bring(self, *all_posted: Posted) -> Raw:
        """Called and read; the newest arrival."""
        for posted in all_posted:
            answer = self.call(posted)
            assert answer.status_code == 200, answer.content
            read_all()
        return Raw.objects.latest("pk")


def read_all() -> None:
    for raw in Raw.objects.filter(state="stored").order_by("pk"):
        accept(raw.pk)


def connected(inbox: Inbox, fake: Fake, **more: str) -> Post:
    choose_provider(inbox, fake.name, by=CLOCK)
    connect(inbox, {**fake.values, **more}, by=CLOCK)
    inbox.refresh_from_db()
    fake.password = account_of(inbox).get("password")
    return Post(inbox, fake)


@pytest.fixture(params=FAKES, ids=lambda made: made.name)
def post(request: pytest.FixtureRequest, desk: Desk) -> Post:
    return connected(desk.inbox, request.param())


@pytest.fixture
def ours(ticket: Ticket, ana: Actor) -> Message:
    """A reply of Ana's that has left."""
    message = reply(ticket, "Turn it by half", by=ana)
    own_id = message_id(message.pk, ticket.inbox.domain)
    Message.objects.filter(pk=message.pk).update(delivery="sent", to=["mara@lindqvist.example"], message_id=own_id)
    message.refresh_from_db()
    return message


@pytest.fixture
def api(settings: Any) -> Iterator[FakeApi]:
    settings.HOOK_HOSTS = ["127.0.0.1"]
    with serving(FakeApi()) as running:
        yield running
