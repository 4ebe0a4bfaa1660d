"""One line of a mail and what it was found to be."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

type Label = Literal["reply", "quote", "signature"]

LONGEST_HEADER = 400
"""Characters: a longer line is prose, never the header of a quote, and no pattern looks into it."""

LONGEST_LINE = 20_000  # characters of a line that are read for signs
MOST_LINES = 10_000

INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
QUOTE_SIGN = re.compile(r"^\s{0,3}>(?!\s?[:：]\s*$)")  # not the ">:" that a wrapped "<address>:" leaves
RULE = re.compile(r"^[\s*>]*([-_=*~—–]\s?)\1{2,}[\s*]*$")


@dataclass(slots=True)
class Line:
    raw: str
    words: str  # for matching: no marks of direction, single spaces, no emphasis stars around it
    quoted: bool = False  # by a ">" or by the markup
    block: bool = False  # inside a plain <blockquote>: a quote only when a header stands before it
    cut: bool = False  # markup that says: from here on all is quoted
    signed: bool = False  # markup that says: this is a signature
    rule: bool = False  # a line of dashes or an <hr>
    picture: bool = False  # holds an image
    fenced: bool = False  # inside a ``` block: code is never a quote
    label: Label = "reply"

    @property
    def blank(self) -> bool:
        return not self.words


def read_lines(text: str) -> list[Line]:
    """The first MOST_LINES lines one by one; what a monstrous mail has beyond them stays together as the last."""
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", MOST_LINES)
    lines = [plain_line(raw) for raw in rows[:MOST_LINES]]
    lines += [Line(rest, rest[:LONGEST_LINE]) for rest in rows[MOST_LINES:]]
    mark_fences(lines)
    return lines


def plain_line(raw: str) -> Line:
    words = tidy(raw)
    quoted = bool(QUOTE_SIGN.match(raw)) and not raw.startswith(">From ")
    return Line(raw, words, quoted=quoted, rule=is_rule(words))


def tidy(raw: str) -> str:
    raw = raw[:LONGEST_LINE]
    words = raw if raw.isascii() else unicodedata.normalize("NFC", INVISIBLE.sub("", raw))
    return " ".join(words.split())


def is_rule(words: str) -> bool:
    return 3 <= len(words) <= 200 and bool(RULE.match(words))


def mark_fences(lines: Sequence[Line]) -> None:
    """Code between two ``` lines is content, whatever it looks like; a fence that is never closed is none."""
    opened = -1
    for at, line in enumerate(lines):
        if not line.raw.startswith("```"):
            continue
        if opened < 0:
            opened = at
            continue
        for inside in lines[opened : at + 1]:
            inside.fenced, inside.quoted, inside.rule = True, False, False
        opened = -1


def next_content(lines: Sequence[Line], at: int) -> int:
    """The first line from `at` on that is not blank; the number of lines when there is none."""
    while at < len(lines) and lines[at].blank:
        at += 1
    return at


def runs(lines: Sequence[Line], label: Label) -> Iterator[tuple[int, int]]:
    """Every stretch [start, end) of neighbouring lines with one label."""
    start = -1
    for at, line in enumerate(lines):
        if line.label == label and start < 0:
            start = at
        elif line.label != label and start >= 0:
            yield start, at
            start = -1
    if start >= 0:
        yield start, len(lines)


def label_all(lines: Sequence[Line], label: Label) -> None:
    for line in lines:
        line.label = label
