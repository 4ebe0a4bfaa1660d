"""Files that come with a request: in the JSON as base64, or uploaded before and named by a signed receipt."""

import base64
import json
import re
from collections.abc import Sequence
from typing import Annotated, Any, Self

from django.core.files.uploadedfile import UploadedFile
from pydantic import Base64Bytes, BaseModel, Field, model_validator

from towerdesk.lib.errors import Invalid
from towerdesk.lib.files import Kept, keep
from towerdesk.lib.ids import is_signed, signature
from towerdesk.lib.text import one_line, storable

MOST_BYTES = 25 * 2**20
MOST_FILES = 20
TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
PURPOSE = "uploaded file"
SIGNATURE = 26  # characters


class FileIn(BaseModel):
    """Either `name` and `content` (base64), or the `upload` that `POST /attachments` gave."""

    name: Annotated[str, Field(max_length=255)] = ""
    type: Annotated[str, Field(max_length=120)] = "application/octet-stream"
    content: Base64Bytes | None = None
    upload: Annotated[str, Field(max_length=2000)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.content is None) == (self.upload is None):
            raise ValueError("give either the content or an upload")
        return self


type FilesIn = Annotated[list[FileIn], Field(max_length=MOST_FILES)]


class Upload(BaseModel):
    """A file that waits to be sent along: name `upload` among the attachments of a ticket, reply or note."""

    upload: str
    name: str
    type: str
    size: int


def keep_files(files: Sequence[FileIn]) -> list[Kept]:
    """Store the contents. Call before the transaction: the storage may be across a network."""
    return [_uploaded(one.upload) if one.upload else keep_file(one.name, one.type, one.content or b"") for one in files]


def keep_file(name: str, type_: str, content: bytes) -> Kept:
    if len(content) > MOST_BYTES:
        raise Invalid(f"“{name}” is too big: a file may have {MOST_BYTES // 2**20} MB.", {"attachments": "Too big."})
    safe_name = one_line(storable(name).replace("/", "_").replace("\\", "_"), 255) or "file"
    safe_type = type_.lower() if TYPE.fullmatch(type_.lower()) else "application/octet-stream"
    return keep(safe_name, safe_type, content)


def keep_upload(file: "UploadedFile[Any]") -> Upload:
    kept = keep_file(file.name or "", file.content_type or "", file.read(MOST_BYTES + 1))
    body = json.dumps([kept.name, kept.type, kept.size, kept.digest, kept.path])
    signed = f"{signature(PURPOSE, body, SIGNATURE)}{body}"
    return Upload(
        upload=base64.urlsafe_b64encode(signed.encode()).decode(), name=kept.name, type=kept.type, size=kept.size
    )


def _uploaded(upload: str) -> Kept:
    try:
        whole = base64.urlsafe_b64decode(upload.encode()).decode()
    except ValueError:
        whole = ""
    signed, body = whole[:SIGNATURE], whole[SIGNATURE:]
    if len(signed) < SIGNATURE or not signed.isascii() or not is_signed(PURPOSE, body, signed):
        raise Invalid("This upload is not one of ours: upload the file again.", {"attachments": "Upload it again."})
    return Kept(*json.loads(body))
