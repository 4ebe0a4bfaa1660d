"""A program that records talks: it signs what it tells, keeps the sounds, and takes replies."""

import time
from typing import Any

from towerdesk.channels.contract import Account
from towerdesk.channels.fake_server import Asked, Says, ServedStory
from towerdesk.channels.webhook.fake import FakeProgram, call
from towerdesk.channels.webhook.signing import shown

VTT = """WEBVTT

00:00.400 --> 00:02.100
<v Mara Lindqvist>My grinder is loud.

00:02.300 --> 00:05.000
<v Ana Reyes>I will send you a new burr by Friday.
"""
WHISPER = {
    "text": "My grinder is loud. I will send you a new burr.",
    "segments": [
        {"id": 0, "start": 0.4, "end": 2.1, "text": " My grinder is loud.", "speaker": "SPEAKER_00"},
        {"id": 1, "start": 2.3, "end": 5.0, "text": " I will send you a new burr.", "speaker": "SPEAKER_01"},
    ],
    "language": "en",
}


class FakeRecorder(FakeProgram):
    def __init__(self) -> None:
        super().__init__()
        self.sounds: dict[str, bytes] = {}

    def respond(self, asked: Asked) -> Says:
        if asked.method == "GET":
            name = asked.path.rpartition("/")[2]
            return Says(body=self.sounds[name]) if name in self.sounds else Says(404)
        return super().respond(asked)


class Story(ServedStory[FakeRecorder]):
    """See `testing.stories.Story`. The transcript of the second talk comes when it is ready."""

    def __init__(self) -> None:
        super().__init__(FakeRecorder())

    @property
    def values(self) -> dict[str, str]:
        return {"reply_url": f"{self.server.url}/replies"}

    def calls(self, account: Account, ours: str) -> list[tuple[bytes, dict[str, str]]]:
        self.server.secret, self.server.sounds = shown(account), {"r2.mp3": b"ID3"}
        at = int(time.time()) - 3600
        mara = {"sender": "+4930901820", "sender_name": "Mara", "conversation": "c1"}
        told: list[dict[str, Any]] = [
            {**mara, "id": "r1", "transcript": VTT, "at": at},
            {**mara, "id": "r2", "audio": {"url": f"{self.server.url}/r2.mp3"}, "at": at + 60},
            {"about": "r2", "transcript": WHISPER},
            {"about": "r2", "audio": {"url": f"{self.server.url}/r2.mp3"}, "seconds": 5},
            {"id": "r3"},
        ]
        return [call(account, f"d{number}", **one) for number, one in enumerate(told)]
