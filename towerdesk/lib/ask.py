"""One HTTP call through the guarded client, from code that waits for it: what was answered, and never more than was asked."""

import asyncio
import json
from collections.abc import Collection, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx2 as httpx

from towerdesk.lib import http

NOT_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""With these nothing was handed over."""


class TooMuch(Exception):
    """The answer is longer than was asked for."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered. Its text never holds the address that was called: that may hold a token."""

    status: int
    headers: Mapping[str, str]  # names in small letters
    body: bytes

    def json(self) -> dict[str, Any]:
        """Empty when it is no JSON object."""
        found = self.content()
        return found if isinstance(found, dict) else {}

    def content(self) -> Any:
        """Whatever JSON it is, or None."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def ask(method: str, url: str, *, private: Collection[str], most: int, seconds: float, **sent: Any) -> Said:
    """`private`: hosts in private networks that may be reached. `sent`: what `httpx` takes, None for nothing.

    Raises `lib.errors.Refused` for a host that may not be reached, `TooMuch` beyond `most` bytes, and what `httpx`
    raises; of that `NOT_CONNECTED` and `OSError` mean that nothing left.
    """
    return to_its_end(_ask(method, url, private, most, seconds, sent))


def to_its_end[T](asking: Coroutine[Any, Any, T]) -> T:
    """Also from a thread that has a loop going, where it gets a thread of its own."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(asking)
    with ThreadPoolExecutor(max_workers=1) as aside:
        return aside.submit(asyncio.run, asking).result()


async def _ask(
    method: str, url: str, private: Collection[str], most: int, seconds: float, sent: Mapping[str, Any]
) -> Said:
    """The answer is read piece by piece, so that no server can fill the memory."""
    body = bytearray()
    async with (
        asyncio.timeout(seconds),
        http.client(allowed=private) as client,
        client.stream(method, url, **{name: value for name, value in sent.items() if value is not None}) as answer,
    ):
        async for some in answer.aiter_bytes():
            body += some
            if len(body) > most:
                raise TooMuch
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Said(answer.status_code, headers, bytes(body))
