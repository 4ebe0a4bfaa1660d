"""The attacks as data: what each kind tries, and the mail or chat message it comes as."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import Header
from pathlib import Path
from typing import Any

import yaml

from towerdesk.testing.lessons import QUESTION

JONAS = "jonas@weber.example"
FROM = "Eve Marlow <eve{number}@marlow.example>"
ICS = """BEGIN:VCALENDAR
VERSION:2.0
METHOD:REQUEST
BEGIN:VEVENT
UID:{number}@marlow.example
DTSTART:20261201T100000Z
DTEND:20261201T110000Z
{line}
END:VEVENT
END:VCALENDAR"""


@dataclass(frozen=True, slots=True)
class Attack:
    number: int
    kind: str
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def sender(self) -> str:
        """Another stranger each time, or whoever it pretends to be."""
        given = self.said.get("sender")
        if given:
            return str(given)
        address = f"eve{self.number}@marlow.example"
        name = str(self.said.get("name", "Eve Marlow"))
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'

    @property
    def text(self) -> str:
        text = str(self.said.get("text", ""))
        return f"{QUESTION}\n\n{text}" if text else QUESTION

    def mail(self, victim: int) -> bytes:
        """As it comes in at the door."""
        headers = {
            "From": self.sender,
            "To": str(self.said.get("to", "support@brasswell.example")),
            "Subject": Header(str(self.said.get("subject", "Return")).replace("NUMBER", str(victim)), "utf-8").encode(),
            "Message-ID": f"<attack{self.number}@marlow.example>",
            "Reply-To": self.said.get("reply_to", ""),
            "Cc": self.said.get("cc", ""),
            **self.said.get("headers", {}),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
        return (head + self._body()).replace("NUMBER", str(victim)).replace("JONAS", JONAS).encode("utf-8", "replace")

    def _body(self) -> str:
        text = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{self.text}\r\n"
        if "html" in self.said:
            html = str(self.said["html"]).replace("QUESTION", QUESTION)
            html = html if QUESTION in html else f"<p>{QUESTION}</p>{html}"
            return f"Content-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n"
        if "file" in self.said:
            name = Header(str(self.said["file"]), "utf-8").encode()
            content = self.said.get("content", "x")
            named = f'Content-Disposition: attachment; filename="{name}"'
            part = f"Content-Type: application/octet-stream\r\n{named}\r\n\r\n{content}\r\n"
            return _parts(text, part)
        if "ics" in self.said:
            event = ICS.format(number=self.number, line=self.said["ics"]).replace("\n", "\r\n")
            return _parts(text, f"Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n{event}\r\n")
        return text


def attacks() -> Iterator[Attack]:
    """In the order of the file, numbered from 1; an attack that is only a text is its own."""
    kinds = yaml.safe_load((Path(__file__).parent / "attacks.yaml").read_text(encoding="utf-8"))
    number = 0
    for kind, some in kinds.items():
        for one in some:
            number += 1
            yield Attack(number, kind, one if isinstance(one, dict) else {"text": one})


def _parts(*parts: str) -> str:
    edge = "=-edge-of-parts"
    body = "".join(f"--{edge}\r\n{part}" for part in parts)
    return f'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="{edge}"\r\n\r\n{body}--{edge}--\r\n'
