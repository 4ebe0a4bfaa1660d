"""How near `parse` comes to the trees that another parser made of the torture mails: texts, HTML, and what is attached."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.data import data
from towerdesk.channels.email.mail import Mail
from towerdesk.channels.email.parse import parse
from towerdesk.lib.html import to_text

OTHERWISE = {
    "malformed/009.json": "an outer delimiter ends the inner multipart (RFC 2046, 5.1.2)",
    "malformed/011.json": "an outer delimiter ends the inner multipart (RFC 2046, 5.1.2)",
    "malformed/020.json": "the raw HTML part with its delimiter is no text",
    "malformed/021.json": "the raw HTML part with its delimiter is no text",
    "thirdparty/002.json": "what stands behind the padding of base64 is no text",
}
"""Where we read a mail otherwise than the reference, and why."""


@dataclass
class Measured:
    mails: int = 0
    things: int = 0  # texts, HTML texts and attachments that are expected
    missed: dict[str, list[str]] = field(default_factory=dict)  # file → what is missing


def measure() -> Measured:
    found, folder = Measured(), data("email-mime-stalwart")
    for file in sorted(folder.rglob("*.json")):
        wanted = json.loads(file.read_text())
        mail = parse(file.with_suffix(".eml").read_bytes())
        results = [*_texts(wanted, mail), *_attachments(wanted, mail)]
        found.mails += 1
        found.things += len(results)
        missing = [what for what, is_there in results if not is_there]
        if missing:
            found.missed[str(file.relative_to(folder))] = missing
    return found


def _texts(wanted: dict[str, Any], mail: Mail) -> list[tuple[str, bool]]:
    results = []
    for kind, value in [_body(wanted["parts"][at]) for at in wanted["text_body"]]:
        if kind in ("Text", "Html"):
            text = to_text(value) if kind == "Html" else value
            results.append((f"text {text[:60]!r}", plain(text) in plain(mail.text)))
    for kind, value in [_body(wanted["parts"][at]) for at in wanted["html_body"]]:
        if kind == "Html":
            results.append((f"html {value[:60]!r}", plain(value) in plain(mail.html)))
    return results


def _attachments(wanted: dict[str, Any], mail: Mail) -> list[tuple[str, bool]]:
    """An empty part without a name is nothing that anybody could miss."""
    left, results = list(mail.parts), []
    for part in [wanted["parts"][at] for at in wanted["attachments"]]:
        kind, value = _body(part)
        name, content = _name(part), _content(kind, value)
        if not name and content == b"":
            continue
        fits = next((one for one in left if _is_same(one.name, one.content, name, kind, content)), None)
        if fits:
            left.remove(fits)
        in_text = kind == "Text" and plain(value) in plain(mail.text)
        results.append((f"{kind} {name or str(value)[:40]!r}", fits is not None or in_text))
    return results


def _is_same(its_name: str, its_content: bytes, name: str, kind: str, content: bytes | None) -> bool:
    if name and its_name != name.rpartition("/")[2]:
        return False
    if kind == "Binary":
        return its_content == content
    return bool(name) or kind == "Message" or squeezed(its_content) == squeezed(content or b"")


def _body(part: dict[str, Any]) -> tuple[str, Any]:
    return next(iter(part["body"].items()))


def _content(kind: str, value: Any) -> bytes | None:
    if kind in ("Binary", "InlineBinary"):
        return bytes(value)
    return value.encode() if kind in ("Text", "Html") else None


def _name(part: dict[str, Any]) -> str:
    for header, attribute in (("content_disposition", "filename"), ("content_type", "name")):
        for one in part["headers"]:
            if one["name"] == header and isinstance(one["value"], dict):
                for pair in one["value"].get("ContentType", {}).get("attributes") or []:
                    if pair["name"] == attribute:
                        return str(pair["value"])
    return ""


def plain(text: str) -> str:
    """White space made one; NUL, which no text may hold, gone."""
    return re.sub(r"[\s\u00a0\u200b]+", " ", text.replace("\0", "")).strip()


def squeezed(content: bytes) -> bytes:
    return b"".join(content.split())


def files_below(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
