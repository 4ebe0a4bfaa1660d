"""Keep files by their content, in a folder or S3, whatever Django's storage is set to."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that lies in the storage already; a row about it may follow, or not: the same content is kept once."""

    name: str
    type: str
    size: int
    digest: str
    path: str
    content_id: str = ""
    inline: bool = False

    def attach_to(self, model: Any, message: Any) -> Any:
        """A row of `model` (Attachment) about this file, not yet saved."""
        return model(
            message=message,
            name=self.name[:255],
            type=self.type[:120],
            size=self.size,
            digest=self.digest,
            path=self.path,
            content_id=self.content_id[:250],
            inline=self.inline,
        )


def keep(name: str, type_: str, content: bytes, *, content_id: str = "", inline: bool = False) -> Kept:
    """Store the content under its SHA-256. Not inside a transaction: the storage may be across a network."""
    digest = hashlib.sha256(content).hexdigest()
    path = f"{digest[:2]}/{digest[2:4]}/{digest}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    return Kept(name, type_, len(content), digest, path, content_id, inline)


def keep_parts(parts: Iterable[Any]) -> list[Kept]:
    """Keep what a mail carries: anything with name, type, content, content_id and inline."""
    return [keep(part.name, part.type, part.content, content_id=part.content_id, inline=part.inline) for part in parts]


def read(path: str) -> bytes:
    with default_storage.open(path) as file:
        content: bytes = file.read()
    return content
