"""One port: live streams as plain ASGI, everything else Django in threads."""

import os
import re
from collections.abc import Awaitable, Callable
from typing import Any

from django.core.wsgi import get_wsgi_application

from towerdesk.lib.one_crossing import OneCrossing
from towerdesk.lib.warm_threads import WarmThreads

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_pages: Any = OneCrossing(get_wsgi_application())  # type: ignore[arg-type]
_pages.executor = WarmThreads(8)

from towerdesk.portal.chat import live as chat  # noqa: E402 - needs the applications that were set up above
from towerdesk.web import live  # noqa: E402

CHAT = re.compile(r"/chat/[\w-]+/live", re.ASCII)

type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await live.lifespan(receive, send)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})
    elif scope["path"] == "/live":
        await live.stream(scope, receive, send)
    elif CHAT.fullmatch(scope["path"]) and scope["method"] == "GET":
        await chat.stream(scope, receive, send)
    else:
        await _pages(scope | {"headers": [*filter(_has_no_underscore, scope["headers"])]}, receive, send)


def _has_no_underscore(header: tuple[bytes, bytes]) -> bool:
    """In Django `x_forwarded_proto` would stand in for the `X-Forwarded-Proto` that only our proxy sets."""
    return b"_" not in header[0]
