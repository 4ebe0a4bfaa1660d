from collections.abc import Iterator

import pytest

from towerdesk.testing.cast import Desk
from towerdesk.testing.chats import Chat, chatting


@pytest.fixture
def chat(desk: Desk) -> Iterator[Chat]:
    with chatting(desk) as running:
        yield running
