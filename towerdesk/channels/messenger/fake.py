"""A page on loopback: its talks and its comments, as Meta tells of them."""

import time
from typing import Any

from towerdesk.channels.contract import Account
from towerdesk.channels.fake_server import ServedStory
from towerdesk.channels.meta import fake
from towerdesk.channels.meta.fake import MARA, OURS, SECRET, TOKEN, FakeGraph, event, signature

WHO = {"id": MARA, "name": "Mara Lindqvist"}


class FakePage(FakeGraph):
    def __init__(self) -> None:
        super().__init__({"name": "Brasswell Coffee"}, {"first_name": "Mara", "last_name": "Lindqvist"})


def told(*events: dict[str, Any], **more: Any) -> bytes:
    return fake.told("page", *events, **more)


def comment(
    named: str,
    text: str,
    *,
    verb: str = "add",
    at: float = 0,
    told_at: float = 0,
    by: dict[str, str] | None = WHO,
    **more: Any,
) -> bytes:
    """One by Mara under a post of the page, unless it says otherwise; `told_at` is when Meta tells of it."""
    value = {
        "from": by,
        "post": {
            "id": f"{OURS}_1",
            "permalink_url": "https://www.facebook.com/brasswell/posts/1",
            "status_type": "photo",
        },
        "message": text,
        "post_id": f"{OURS}_1",
        "parent_id": f"{OURS}_1",
        "comment_id": named,
        "created_time": int(at or time.time()),
        "item": "comment",
        "verb": verb,
        **more,
    }
    return fake.changed("page", "feed", value, at=told_at or at)


class Story(ServedStory[FakePage]):
    """See `testing.stories.Story`."""

    def __init__(self) -> None:
        super().__init__(FakePage())

    @property
    def values(self) -> dict[str, str]:
        return {"page": OURS, "token": TOKEN, "secret": SECRET, "server": f"{self.server.url}/v24.0"}

    def calls(self, account: Account, ours: str) -> list[tuple[bytes, dict[str, str]]]:
        at = self.at
        mine = {"id": OURS, "name": "Brasswell Coffee"}
        bodies = [
            *(told(*events, at=at) for events in fake.talk(self.server, ours, at)),
            told(
                event(at=at + 3700, delivery={"mids": [ours], "watermark": (at + 3700) * 1000}),
                event(at=at + 7200, read={"watermark": (at + 7200) * 1000}),
                at=at,
            ),
            comment("1_50", "Is this one loud?", at=at + 50),
            comment("1_50", "Is that one loud?", verb="edited", at=at + 50, told_at=at + 60),
            comment("1_51", "No", at=at + 55, parent_id="1_50", by=mine),
        ]
        return [(body, signature(body, account.get("secret"))) for body in bodies]
