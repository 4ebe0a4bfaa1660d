"""What every live stream needs of plain ASGI: its headers and query, threads for the database, and word that the reader went."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import close_old_connections

from towerdesk.lib.text import as_number

type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]

HEARTBEAT = 15.0  # seconds; keeps proxies from closing a quiet stream
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

_threads = ThreadPoolExecutor(2, thread_name_prefix="live")


async def in_thread[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    def run() -> R:
        close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_threads, run)


async def until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def begin(send: Send, *, headers: list[tuple[bytes, bytes]] | None = None, retry: int = 1500) -> None:
    """`retry`: after how many milliseconds a browser comes back by itself."""
    await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, *(headers or [])]})
    await send({"type": "http.response.body", "body": f"retry: {retry}\n\n".encode(), "more_body": True})


async def refuse(send: Send, status: int, words: str, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    plain = [(b"content-type", b"text/plain; charset=utf-8"), *(headers or [])]
    await send({"type": "http.response.start", "status": status, "headers": plain})
    await send({"type": "http.response.body", "body": words.encode()})


def header(scope: Scope, name: bytes) -> str:
    return "; ".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)


def number_in(scope: Scope, name: str) -> int:
    """A whole number of the query, 0 without one."""
    query = dict(pair.split("=", 1) for pair in scope["query_string"].decode("latin-1").split("&") if "=" in pair)
    return as_number(query.get(name, ""))
