"""A queue of a test's own."""

import asyncio

import pytest
from procrastinate import App
from procrastinate.contrib.django import DjangoApp

from towerdesk.lib.queue import WorkerConnector


class Queue:
    """A queue with one task; `run` opens it the way a worker does."""

    def __init__(self) -> None:
        self.app: App = DjangoApp(connector=WorkerConnector(3))
        self.app.task(lambda: None, name="send", lock="ticket:1")

    def run(self, story):
        async def whole():
            async with self.app.open_async():
                return await story(self.app)

        return asyncio.run(whole())


@pytest.fixture
def queue() -> Queue:
    return Queue()
