"""What was sent, as the bytes that are kept; the files lie in the storage and are named by what they contain."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from towerdesk.channels.contract import Incoming
from towerdesk.lib.files import Kept

type Text = Annotated[str, Field(max_length=50_000)]


class SaidFile(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    type: str
    size: int
    digest: str
    path: str

    def as_kept(self) -> Kept:
        return Kept(self.name, self.type, self.size, self.digest, self.path)


class SaidPage(BaseModel):
    """The page that the form stood on, as its owner lets it be told."""

    model_config = ConfigDict(frozen=True)

    address: str = ""
    title: str = ""


class Said(BaseModel):
    """One filled-in form. `answers` by the asks' keys, as they were sent: texts, or lists of texts."""

    model_config = ConfigDict(frozen=True)

    form: str
    form_name: str
    key: str  # of the page that it was written on
    email: str
    name: str = ""
    subject: str
    text: Text
    answers: dict[str, str | list[str]] = {}
    files: list[SaidFile] = []
    page: SaidPage | None = None
    language: str = "en"
    test: bool = False  # somebody who works here tries the form

    def as_bytes(self) -> bytes:
        return self.model_dump_json(indent=1).encode()


def read(content: bytes) -> Incoming:
    """As every room of intake knows an arrival. Nothing about the sender was checked, and that is said."""
    said = Said.model_validate_json(content)
    return Incoming(
        sender=said.email,
        sender_name=said.name,
        subject=said.subject,
        text=said.text,
        visible=said.text,
        external_id=said.key,
        trust=trust(said),
    )


def trust(said: Said) -> dict[str, object]:
    """Stored with the message and shown on the ticket."""
    sentence = f"The address was typed in, not checked. Came by the form “{said.form_name}”."
    if said.test:
        sentence = f"A test of the form “{said.form_name}”."
    if said.page and said.page.address:
        called = f"“{said.page.title}”, " if said.page.title else ""
        sentence += f" The form stood on {called}{said.page.address}."
    page = said.page.model_dump() if said.page else {}
    return {"verified": False, "typed": True, "sentence": sentence, **({"page": page} if page else {})}
