"""What the server hands to Django."""

import asyncio
from typing import Any

import pytest

from config import asgi


def test_no_header_stands_in_for_one_that_only_our_proxy_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[dict[str, Any]] = []

    async def pages(scope: dict[str, Any], receive: Any, send: Any) -> None:
        handed.append(scope)

    monkeypatch.setattr(asgi, "_pages", pages)
    headers = [(b"x_forwarded_proto", b"https"), (b"host", b"desk.example"), (b"x-forwarded-for", b"192.0.2.1")]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers}
    asyncio.run(asgi.application(scope, None, None))  # type: ignore[arg-type]

    assert [one["headers"] for one in handed] == [headers[1:]]
