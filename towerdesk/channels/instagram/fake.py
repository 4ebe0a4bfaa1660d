"""An account on loopback: its talks and its comments, as Meta tells of them."""

from typing import Any

from towerdesk.channels.contract import Account
from towerdesk.channels.fake_server import ServedStory
from towerdesk.channels.meta import fake
from towerdesk.channels.meta.fake import MARA, OURS, SECRET, TOKEN, FakeGraph, attached, event, message, signature


class FakeInstagram(FakeGraph):
    longest, replies = 1000, "replies"

    def __init__(self) -> None:
        super().__init__({"username": "brasswell"}, {"name": "Mara Lindqvist", "username": "mara.l"})

    def _weight(self, text: str) -> int:
        return len(text.encode())


def told(*events: dict[str, Any], **more: Any) -> bytes:
    return fake.told("instagram", *events, **more)


def comment(named: str, text: str, *, at: float = 0, who: str = MARA, name: str = "mara.l", **more: Any) -> bytes:
    media = {"id": "1790", "media_product_type": "FEED"}
    value = {"from": {"id": who, "username": name}, "media": media, "id": named, "text": text, **more}
    return fake.changed("instagram", "comments", value, at=at)


class Story(ServedStory[FakeInstagram]):
    """See `testing.stories.Story`."""

    def __init__(self) -> None:
        super().__init__(FakeInstagram())

    @property
    def values(self) -> dict[str, str]:
        return {"account": OURS, "token": TOKEN, "secret": SECRET, "server": f"{self.server.url}/v24.0"}

    def calls(self, account: Account, ours: str) -> list[tuple[bytes, dict[str, str]]]:
        at = self.at
        story = attached("story_mention", self.server.cdn("story.jpg", "image/jpeg", b"\xff\xd8"))
        bodies = [
            *(told(*events, at=at) for events in fake.talk(self.server, ours, at)),
            told(message("s", at=at + 45, attachments=story), event(at=at + 3700, read={"mid": ours}), at=at),
            comment("179", "Is this one loud?", at=at + 50),
            comment("180", "No", at=at + 55, who=OURS, name="brasswell", parent_id="179"),
        ]
        return [(body, signature(body, account.get("secret"))) for body in bodies]
