"""Lengths of business time as people write them: `45 min`, `4 h`, `1 h 30 min`, `90`."""

import re

from towerdesk.lib.errors import Invalid
from towerdesk.lib.text import one_line

SPAN = re.compile(r"(?:(\d{1,5})\s*h(?:ours?)?)?\s*(?:(\d{1,6})\s*(?:m|min|minutes?)?)?", re.I)
DAYS = re.compile(r"\d+\s*d(?:ays?)?", re.I)


def read_span(text: str, where: str) -> int:
    """Minutes. Raises `Invalid`, naming `where` and what to write instead."""
    plain = " ".join(text.split())
    found = SPAN.fullmatch(plain)
    if DAYS.fullmatch(plain):
        raise Invalid(
            f"{where}: days are not all equally long. Write hours of business instead, like 8 h for a working day."
        )
    if not plain or found is None or not (found[1] or found[2]):
        raise Invalid(f"{where}: “{one_line(text, 30)}” is no length of time. Write it like 45 min, 4 h or 1 h 30 min.")
    return int(found[1] or 0) * 60 + int(found[2] or 0)


def say_span(minutes: int | None) -> str:
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)
