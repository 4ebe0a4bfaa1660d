from collections.abc import Iterator
from typing import Any

import pytest

from towerdesk.channels import registry
from towerdesk.channels.fake import FakeChannel
from towerdesk.testing.mails import Relay, relay
from towerdesk.tickets.models import Ticket


@pytest.fixture
def server(settings: Any) -> Iterator[Relay]:
    """A mail server that our replies leave by."""
    with relay() as running:
        settings.RELAY_URL = running.url
        yield running


@pytest.fixture
def channel(ticket: Ticket) -> Iterator[FakeChannel]:
    """The ticket's inbox speaks by this fake instead of by mail."""
    fake = FakeChannel()
    registry.put("fake", fake)
    ticket.inbox.channel = "fake"
    ticket.inbox.save()
    yield fake
    registry.put("fake", None)
