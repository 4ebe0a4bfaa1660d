"""The few words around what was searched for, with the places to mark. Made for the shown page only."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LENGTH = 180  # characters
BEFORE = 50  # characters shown before the first mark


@dataclass(frozen=True, slots=True)
class Snippet:
    """`marks` are (start, end) into `text`, in order, not overlapping."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    def pieces(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it is marked: what a template loops over."""
        pieces, at = [], 0
        for start, end in self.marks:
            pieces += [(self.text[at:start], False), (self.text[start:end], True)]
            at = end
        return [piece for piece in (*pieces, (self.text[at:], False)) if piece[0]]


def snippet(text: str, words: Sequence[str]) -> Snippet:
    line = " ".join(text.split())
    first = next(iter(_marks(line, words)), (0, 0))[0]
    begin = _word_begin(line, max(0, first - BEFORE))
    cut = line[begin : begin + LENGTH]
    before, behind = "…" if begin else "", "…" if begin + LENGTH < len(line) else ""
    marks = ((start + len(before), end + len(before)) for start, end in _marks(cut, words))
    return Snippet(f"{before}{cut}{behind}", tuple(marks))


def _marks(line: str, words: Sequence[str]) -> list[tuple[int, int]]:
    said = [r"\W+".join(re.escape(part) for part in re.findall(r"\w+", _plain(word))) for word in words]
    said = [one for one in said if one]
    if not said:
        return []
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(said)})(?!\w)")
    return [found.span() for found in pattern.finditer(_plain(line))]


def _plain(text: str) -> str:
    """Small letters without accents, one for one, so that places stay the same."""
    return "".join(_bare(letter) for letter in text)


def _bare(letter: str) -> str:
    if letter.isascii():
        return letter.lower()
    bare = unicodedata.normalize("NFD", letter)[0].lower()
    return bare if len(bare) == 1 else letter


def _word_begin(line: str, at: int) -> int:
    """The begin of a word at or before this place, unless it is far."""
    space = line.rfind(" ", max(0, at - 20), at + 1)
    return space + 1 if at and space >= 0 else at
