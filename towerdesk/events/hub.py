"""One connection per process hears every event of the log and hands it to all open streams."""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from typing import Any, NoReturn

import psycopg
import structlog
from django.db import connection

from towerdesk.lib.ears import Ears

CHANNEL = "towerdesk_events"
MOST_WAITING = 2000
"""Events that one slow reader may lag behind before it is sent away to come back with its Last-Event-ID."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Heard:
    """`id` 0 says that something may have been missed: look into the log."""

    id: int
    kind: str
    ticket: int | None


MISSED = Heard(0, "", None)


class Hub:
    """Everything here runs on the server's event loop."""

    def __init__(self) -> None:
        self.readers: set[asyncio.Queue[Heard]] = set()
        self.closed = asyncio.Event()
        self.is_listening = False
        self.loop: asyncio.AbstractEventLoop | None = None
        self._listening: asyncio.Task[None] | None = None

    def join(self) -> asyncio.Queue[Heard]:
        """Whoever joins hears everything that is committed from now on."""
        if self._listening is None:
            self.loop = asyncio.get_running_loop()
            self._listening = asyncio.create_task(self._listen())
        queue: asyncio.Queue[Heard] = asyncio.Queue(MOST_WAITING)
        self.readers.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[Heard]) -> None:
        self.readers.discard(queue)

    def close(self) -> None:
        """End all streams; their browsers come back by themselves."""
        self.closed.set()
        if self._listening:
            self._listening.cancel()

    async def _listen(self) -> None:
        pause = 0.2
        while not self.closed.is_set():
            try:
                async with await psycopg.AsyncConnection.connect(autocommit=True, **_parameters()) as listening:
                    ears = Ears(listening)
                    await ears.listen(CHANNEL)
                    self._tell(MISSED)
                    self.is_listening, pause = True, 0.2
                    await self._pass_on(ears)
            except (psycopg.Error, OSError) as error:
                self.is_listening = False
                log.warning("the live connection was lost", why=str(error).strip(), again_in=pause)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.closed.wait(), pause)
            pause = min(pause * 2, 10.0)

    async def _pass_on(self, ears: Ears) -> NoReturn:
        """Until the connection is lost or this is cancelled; asleep while nothing happens."""
        while True:
            for notice in await ears.hear():
                self._tell(_read(notice.payload))

    def _tell(self, heard: Heard) -> None:
        for queue in list(self.readers):
            try:
                queue.put_nowait(heard)
            except asyncio.QueueFull:
                self.leave(queue)


def _read(payload: str) -> Heard:
    data = json.loads(payload)
    return Heard(data["id"], data["kind"], data["ticket"])


def _parameters() -> dict[str, Any]:
    """Django's own connection settings, without what only Django's cursors understand."""
    parameters = connection.get_connection_params()
    return {name: value for name, value in parameters.items() if isinstance(value, (str, int)) and name != "pool"}


_hub: Hub | None = None


def hub() -> Hub:
    """The one of this process; a new one after it was closed."""
    global _hub
    if _hub is None or _hub.closed.is_set():
        _hub = Hub()
    return _hub
