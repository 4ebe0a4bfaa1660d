"""Templates that Meta has approved, as an inbox lists them: one a line, `name/language: text with gaps like {{1}}`.

A reply is sent by a template when its text is the template's with the gaps filled in. So what stands on the ticket is
what the customer reads, and nobody has to choose twice.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

GAP = re.compile(r"\{\{\s*(\w+)\s*\}\}")
LINE = re.compile(r"\s*([a-z0-9_]+)\s*/\s*([A-Za-z_]+)\s*:\s*(.+?)\s*$")
FILLING = r"((?:(?!\{\{)[^\n\t]){1,1024}?)"
"""Meta takes neither lines nor tabs in a gap; a gap that is left open is not filled."""


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    language: str
    text: str  # `\\n` in the settings is a new line here

    def filled(self, text: str) -> dict[str, Any] | None:
        """As the API wants it, when `text` is this template with its gaps filled in."""
        gaps = GAP.findall(self.text)
        found = _shape(self.text).fullmatch(_plain(text))
        if found is None:
            return None
        values = [_value(gap, value) for gap, value in zip(gaps, found.groups(), strict=True)]
        body = [{"type": "body", "parameters": values}] if values else []
        return {"name": self.name, "language": {"code": self.language}, "components": body}


def templates(setting: str) -> list[Template]:
    """Lines that are none are passed over."""
    found = (LINE.fullmatch(line) for line in setting.splitlines())
    return [Template(one[1], one[2], one[3].replace("\\n", "\n")) for one in found if one]


def filled(text: str, known: Sequence[Template]) -> dict[str, Any] | None:
    return next((said for one in known if (said := one.filled(text))), None)


def _value(gap: str, value: str) -> dict[str, str]:
    named = {} if gap.isdecimal() else {"parameter_name": gap}
    return {"type": "text", **named, "text": value.strip()}


def _shape(text: str) -> re.Pattern[str]:
    return re.compile(FILLING.join(re.escape(part) for part in GAP.sub("\0", _plain(text)).split("\0")))


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
