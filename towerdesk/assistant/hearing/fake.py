"""An engine that hears what it is told to."""

from collections.abc import Sequence

from towerdesk.channels.talk import Turn
from towerdesk.lib.errors import Unavailable


class FakeHearing:
    name = "fake"

    def __init__(self, *turns: Turn, trouble: str = "") -> None:
        self.turns, self.trouble = turns, trouble
        self.heard: list[bytes] = []

    def transcribe(self, audio: bytes) -> Sequence[Turn]:
        self.heard.append(audio)
        if self.trouble:
            raise Unavailable(self.trouble)
        return self.turns
