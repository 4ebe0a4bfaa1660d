"""What a mail carries besides its words: signatures, footers, quoted and forwarded mail, HTML, pictures."""

import html
import struct
import zlib
from dataclasses import dataclass

from towerdesk.cli.demo.dice import Dice, pick
from towerdesk.cli.demo.people import Person
from towerdesk.cli.demo.wording import wording


@dataclass(frozen=True)
class Attachment:
    """`type` is a MIME type such as "image/png"."""

    name: str
    type: str
    data: bytes


def wrap(chance: Dice, text: str, person: Person, language: str, slots: dict[str, str]) -> str:
    """The words, followed by what mail programs and offices add to them."""
    text = f"{text}{_signature(chance, person)}{_footer(chance, person, language)}"
    roll = chance.random()
    if roll < 0.08:
        return f"{text}\n\n{_quoted(chance, language, slots)}"
    if roll < 0.11 and language == "en":
        return _forwarded(chance, text, person, slots)
    return text


def as_html(text: str) -> str:
    """The same text as a web mail program would write it."""
    paragraphs = [html.escape(part, quote=False).replace("\n", "<br>") for part in text.split("\n\n")]
    inside = "".join(f"<p>{part}</p>" for part in paragraphs)
    return f'<html><body><div dir="ltr">{inside}</div></body></html>'


def photo(chance: Dice) -> Attachment:
    """A small picture, valid though nothing can be seen on it."""
    width, height = 32, 24
    rows = b"".join(b"\0" + chance.randbytes(width * 3) for _ in range(height))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    data = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)
    return Attachment(f"IMG_{chance.randint(1000, 9999)}.png", "image/png", data)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _signature(chance: Dice, person: Person) -> str:
    if not person.organisation or chance.random() > 0.35:
        return ""
    lines = [person.name, f"{person.role}, {person.organisation}", f"{person.street}, {person.city}", person.phone]
    legal = f"\n\n{wording('en')['wraps']['confidential']}" if person.program == "office" else ""
    return "\n\n-- \n" + "\n".join(lines[: chance.randint(2, 4)]) + legal


def _footer(chance: Dice, person: Person, language: str) -> str:
    if person.program != "phone" or chance.random() > 0.4:
        return ""
    return f"\n\n{chance.choice(wording(language)['wraps']['footers'])}"


def _quoted(chance: Dice, language: str, slots: dict[str, str]) -> str:
    """One of our own mails, below the words of the customer."""
    wraps = wording(language)["wraps"]
    quoted = pick(chance, wraps["quoted_mails"], slots)
    return pick(chance, [wraps["quote_line"]], slots) + "\n\n" + quote(quoted)


def quote(text: str) -> str:
    """The text with `> ` before each line."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _forwarded(chance: Dice, text: str, person: Person, slots: dict[str, str]) -> str:
    """The words arrive as a forwarded mail, with a short note of somebody else above."""
    wraps = wording("en")["wraps"]
    note = pick(chance, wraps["forward_notes"], slots)
    head = f"From: {person.name} <{person.email}>\nDate: {slots['quoted_day']}\nTo: office"
    return f"{note}\n\n{wraps['forward_line']}\n{head}\n\n{text}"
