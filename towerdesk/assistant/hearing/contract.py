"""What an engine must do that writes down what was said."""

from collections.abc import Sequence
from typing import Protocol

from towerdesk.channels.talk import Turn


class Hearing(Protocol):
    name: str

    def transcribe(self, audio: bytes) -> Sequence[Turn]:
        """Segments in their order, with times. Raises `lib.errors.Unavailable`. Takes long: never inside a transaction."""
        ...
