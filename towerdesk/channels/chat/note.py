"""What a visitor wrote, as bytes: our own page writes them, and reads them back. Everything about who they are was checked."""

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

MOST_TEXT = 5000  # characters
MOST_FILES = 5
MOST_BYTES = 10 * 2**20  # of all files of one message


@dataclass(frozen=True, slots=True)
class NotedFile:
    name: str
    type: str
    content: bytes
    content_id: str = ""
    inline: bool = False

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Note:
    """`id` is the widget's own of the message; `visitor` is the key of the conversation, which is no secret."""

    id: str
    visitor: str
    text: str
    at: datetime
    name: str = ""
    mail: str = ""  # claimed, unless `vouched`
    user: str = ""  # of the host site, when `vouched`
    site: int = 0  # the inbox: user 17 of one site is not user 17 of another
    vouched: bool = False
    trouble: str = ""  # one sentence: why who they say they are is not believed
    files: Sequence[NotedFile] = field(default_factory=tuple)


def write_note(note: Note) -> bytes:
    files = [
        {"name": one.name, "type": one.type, "content": base64.b64encode(one.content).decode()} for one in note.files
    ]
    return json.dumps({**asdict(note), "at": note.at.isoformat(), "files": files}, ensure_ascii=False).encode()


def read_note(content: bytes) -> Note:
    """Raises `ValueError`, `KeyError` or `TypeError` for what `write_note` did not write."""
    said = json.loads(content)
    files = [NotedFile(one["name"], one["type"], base64.b64decode(one["content"])) for one in said.pop("files")]
    return Note(**{**said, "at": datetime.fromisoformat(said["at"]), "files": tuple(files)})
