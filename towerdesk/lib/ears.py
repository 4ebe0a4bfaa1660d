"""Hear what is announced in the database (NOTIFY), and sleep in between.

psycopg's own `notifies` wakes up ten times a second to see whether somebody wants to interrupt it: a worker with three such
connections did so all day.
"""

import asyncio
from functools import partial
from typing import Any

from psycopg import AsyncConnection, Notify


class Ears:
    """On a connection in autocommit, which may be used for other statements in between."""

    def __init__(self, link: "AsyncConnection[Any]") -> None:
        self.link = link
        self._heard: list[Notify] = []
        link.add_notify_handler(self._heard.append)

    async def listen(self, channel: str) -> None:
        await self.link.execute(f'LISTEN "{channel}"')

    async def hear(self, within: float | None = None) -> list[Notify]:
        """What came since the last time, or what comes next; nothing when that takes longer than so many seconds.

        Raises `psycopg.OperationalError` when the server is gone.
        """
        self._read()
        if not self._heard:
            await self._something_comes(within)
            self._read()
        heard = list(self._heard)
        self._heard.clear()
        return heard

    async def _something_comes(self, within: float | None) -> None:
        loop, number = asyncio.get_running_loop(), self.link.fileno()
        something: asyncio.Future[None] = loop.create_future()
        ring = partial(_ring, something)
        loop.add_reader(number, ring)
        end = None if within is None else loop.call_later(within, ring)
        try:
            await something
        finally:
            loop.remove_reader(number)
            if end is not None:
                end.cancel()

    def _read(self) -> None:
        server, coding = self.link.pgconn, self.link.info.encoding
        server.consume_input()
        while said := server.notifies():
            self._heard.append(Notify(said.relname.decode(coding), said.extra.decode(coding), said.be_pid))


def _ring(something: "asyncio.Future[None]") -> None:
    if not something.done():
        something.set_result(None)
