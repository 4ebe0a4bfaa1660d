"""What Twilio posts of text messages."""

from typing import Any

from towerdesk.channels.contract import Account
from towerdesk.channels.fake_server import ServedStory
from towerdesk.channels.twilio.fake import HOME, NUMBER, SID, TOKEN, FakeTwilio, post


def message(id_: str, text: str, *, sender: str = "+972987654321", **more: str) -> dict[str, str]:
    mine = {"MessageSid": f"SM{id_}", "SmsStatus": "received", "AccountSid": SID, "From": sender, "To": NUMBER}
    return {**mine, "Body": text, **more}


def status(about: str, how: str, **more: str) -> dict[str, str]:
    return {"MessageSid": about, "SmsStatus": how, "MessageStatus": how, "AccountSid": SID, "From": NUMBER, **more}


class Story(ServedStory[FakeTwilio]):
    """See `testing.stories.Story`. Twilio does not say when a message was written: the order of three is that of arrival."""

    def __init__(self) -> None:
        super().__init__(FakeTwilio())

    @property
    def values(self) -> dict[str, str]:
        return {"sid": SID, "token": TOKEN, "sender": NUMBER, "server": self.server.url}

    def calls(self, account: Account, ours: str) -> list[tuple[bytes, dict[str, str]]]:
        self.server.media["ME1"] = b"\x89PNG"
        picture = {"NumMedia": "1", "MediaContentType0": "image/png", "MediaUrl0": f"{self.server.url}{HOME}/Media/ME1"}
        told: list[dict[str, Any]] = [
            message("a", "My grinder is loud"),
            message("b", "as you see", **picture),
            *(status(ours, how) for how in ("queued", "sent", "delivered")),
            status(ours, "undelivered", ErrorCode="30003"),
            status(ours, "read"),
            {"CallSid": "CA1", "CallStatus": "ringing", "From": "+972987654321"},
        ]
        return [post(account.hook, account.get("token"), **fields) for fields in told]
