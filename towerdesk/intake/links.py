"""A few connections to PostgreSQL for the SMTP door, made when needed and made again after the database was away."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg

AT_ONCE = 4
PATIENCE = 20.0  # seconds for one piece of work, connecting included

type Link = psycopg.AsyncConnection[Any]


class Away(Exception):
    """The database can't be reached, or did not finish in time: whether anything was written is not known."""


class Links:
    def __init__(self, address: str) -> None:
        self.address = address
        self.idle: list[Link] = []
        self.turns = asyncio.Semaphore(AT_ONCE)

    async def run[Result](self, work: Callable[[Link], Awaitable[Result]]) -> Result:
        """Do `work` on a connection; once more on a fresh one when an old one turns out to be dead. Raises `Away`.

        The second try may write what the first had written after all: what arrives twice is recognised later.
        """
        async with self.turns:
            try:
                async with asyncio.timeout(PATIENCE):
                    return await self._run(work)
            except (psycopg.OperationalError, psycopg.InterfaceError, OSError, TimeoutError) as error:
                raise Away(str(error)) from error

    async def close(self) -> None:
        while self.idle:
            await self.idle.pop().close()

    async def _run[Result](self, work: Callable[[Link], Awaitable[Result]]) -> Result:
        if self.idle:
            try:
                return await self._on(self.idle.pop(), work)
            except (psycopg.OperationalError, psycopg.InterfaceError):
                await self.close()
        fresh = await psycopg.AsyncConnection.connect(self.address, autocommit=True, connect_timeout=5)
        return await self._on(fresh, work)

    async def _on[Result](self, link: Link, work: Callable[[Link], Awaitable[Result]]) -> Result:
        try:
            result = await work(link)
        except BaseException:
            await link.close()
            raise
        self.idle.append(link)
        return result
