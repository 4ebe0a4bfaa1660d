"""A file that was fetched from a provider."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fetched:
    name: str
    type: str
    content: bytes
    content_id: str = ""
    inline: bool = False

    @property
    def size(self) -> int:
        return len(self.content)
