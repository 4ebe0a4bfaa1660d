"""Tell by a JSON POST to an address that somebody gave: Slack, Mattermost or a program of theirs."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
from django.conf import settings

from towerdesk.channels.contract import NotSent
from towerdesk.lib import http
from towerdesk.lib.errors import Invalid, Refused
from towerdesk.notifications.models import Post
from towerdesk.notifications.words import Item, subject, text

SECONDS = 20.0
LONGEST = 500
LATER = (408, 425, 429)
SLACK = "hooks.slack.com"


def send_hook(post: Post, url: str, said: Sequence[Item]) -> str:
    """Raises `NotSent`. The same post carries the same `id` at every try, so that a receiver knows it again."""
    try:
        status = asyncio.run(_post(url, body(post, url, said)))
    except Refused as refused:
        raise NotSent(str(refused), later=False) from refused
    except (httpx.HTTPError, OSError, TimeoutError) as error:
        raise NotSent(f"The webhook can't be reached ({type(error).__name__}).", later=True) from error
    if not 200 <= status < 300:
        raise NotSent(f"The webhook answered {status}.", later=status in LATER or status >= 500)
    return str(status)


def body(post: Post, url: str, said: Sequence[Item]) -> dict[str, Any]:
    """`text` is for a chat to show. Slack gets nothing else: it refuses what it does not know."""
    words = f"{subject(said)}\n\n{text(said)}" if len(said) > 1 else text(said)
    if urlsplit(url).hostname == SLACK:
        return {"text": _harmless(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}
    return {"id": f"towerdesk-{post.pk}", "text": _harmless(words), "notifications": [asdict(item) for item in said]}


def checked(url: str) -> str:
    """An address as it may be kept: https, or plain http to a host that an administrator has named."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, good = (parts.hostname or "").lower(), parts.port is None or parts.port > 0
    except ValueError:
        host, good = "", False
    named = host in {one.lower() for one in settings.HOOK_HOSTS}
    if not host or not good or len(url) > LONGEST or parts.scheme not in (("http", "https") if named else ("https",)):
        raise Invalid(
            "The webhook can't be used: write its address as https://host/path.", {"hook": "Begin with https://"}
        )
    return url


async def _post(url: str, content: dict[str, Any]) -> int:
    """Only the status is read: what a stranger's server says beyond it is of no use here."""
    async with (
        asyncio.timeout(SECONDS),
        http.client(allowed=settings.HOOK_HOSTS) as client,
        client.stream("POST", url, json=content) as answer,
    ):
        return answer.status_code


def _harmless(words: str) -> str:
    """A customer's “@channel” shall wake nobody: an invisible mark after the sign keeps it from being a call."""
    return words.replace("@", "@\u200b")
