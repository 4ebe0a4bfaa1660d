"""Tell by a JSON POST to an address that somebody gave: Slack, Mattermost or a program of theirs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from towerdesk.channels import calling
from towerdesk.channels.contract import Account, FateUnknown, NotSent
from towerdesk.lib.errors import Invalid
from towerdesk.notifications.models import Post
from towerdesk.notifications.words import Item, subject, text

WHO = "The webhook"
LONGEST = 500
SLACK = "hooks.slack.com"


def send_hook(post: Post, url: str, said: Sequence[Item]) -> str:
    """Raises `NotSent`. The same post carries the same `id` at every try, so that a receiver knows it again."""
    try:
        answer = calling.post(WHO, url, Account(0, "", hosts=settings.HOOK_HOSTS), json=body(post, url, said))
    except FateUnknown as error:
        raise NotSent(str(error), later=True) from error
    calling.judge(WHO, answer, refused=())
    return str(answer.status)


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


def _harmless(words: str) -> str:
    """A customer's “@channel” shall wake nobody: an invisible mark after the sign keeps it from being a call."""
    return words.replace("@", "@\u200b")
