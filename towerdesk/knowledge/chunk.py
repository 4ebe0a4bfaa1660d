"""Cut an article into pieces that search finds and citations point at."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from towerdesk.knowledge.plain import plain

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

FEWEST, MOST = 60, 180  # words a chunk
FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---[ \t]*(?:\n|\Z)", re.S)
FRONT_TITLE = re.compile(r"^title:\s*(.+?)\s*$", re.M)


@dataclass(frozen=True, slots=True)
class Chunk:
    """`text` is `source[start:end]`, Markdown as written; `path` holds the headings above it, outermost first."""

    title: str
    path: tuple[str, ...]
    text: str
    start: int
    end: int

    @property
    def meaning(self) -> str:
        """What to embed and to index: title, headings and the words without their Markdown."""
        return ". ".join(dict.fromkeys((self.title, *self.path))) + ".\n" + plain(self.text)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list, table or the like, with the headings above it."""

    path: tuple[str, ...]
    start: int
    end: int
    words: int


def chunks(markdown: str, title: str | None = None) -> list[Chunk]:
    """Pieces of 60 to 180 words, cut at headings first, then between paragraphs; a list stays whole if it fits.

    Without a title the article's own is used (see `title_of`). Spans count characters of `markdown`.
    """
    title = title or title_of(markdown) or ""
    pieces = [smaller for block in blocks(markdown, title) for smaller in split(markdown, block)]
    return [cut(markdown, title, group) for group in grouped(pieces)]


def title_of(markdown: str) -> str | None:
    """`title:` of the front matter, else the first heading."""
    if (front := FRONT_MATTER.match(markdown)) and (named := FRONT_TITLE.search(front[1])):
        return named[1].strip("\"'") or None
    return next((text for _, text, _, _ in outline(markdown) if text), None)


def blocks(markdown: str, title: str) -> Iterator[Block]:
    """The article's blocks in order; the heading that only repeats the title is not part of any path."""
    above: list[tuple[int, str]] = []
    for level, heading, start, end in outline(markdown):
        if level:
            above = [(outer, text) for outer, text in above if outer < level]
            above += [(level, heading)] if heading != title else []
        else:
            yield Block(tuple(text for _, text in above), start, end, size(markdown[start:end]))


def outline(markdown: str) -> Iterator[tuple[int, str, int, int]]:
    """(heading level, or 0 for any other block; heading text; start; end) of each top-level block."""
    front = FRONT_MATTER.match(markdown)
    hidden = front.end() if front else 0
    source = re.sub(r"[^\n]", " ", markdown[:hidden]) + markdown[hidden:]
    source = source.replace("\r\n", " \n").replace("\r", "\n")  # as the parser does, but keeping every position
    lines = line_starts(source)
    tokens = parser().parse(source)
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.level or not token.map or token.nesting < 0:
            continue
        start, end = trimmed(markdown, lines[token.map[0]], lines[token.map[1]])
        if token.type == "heading_open":
            yield int(token.tag[1]), plain(following.content), start, end
        elif start < end:
            yield 0, "", start, end


@cache
def parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


def line_starts(source: str) -> list[int]:
    """Where each line begins, by the parser's own idea of a line, and the end of the text after the last."""
    return [0, *(match.end() for match in re.finditer("\n", source)), *([len(source)] * 2)]


def trimmed(markdown: str, start: int, end: int) -> tuple[int, int]:
    """The same span without blank space at its ends."""
    text = markdown[start:end]
    return start + len(text) - len(text.lstrip()), start + len(text.rstrip())


def size(text: str) -> int:
    """Words; scripts that write no spaces count a word per six characters."""
    return max(len(text.split()), len(text) // 12)


def split(markdown: str, block: Block) -> Iterator[Block]:
    """A block too long for one chunk, cut at line ends or else at sentence ends, as few times as possible."""
    if block.words <= MOST:
        yield block
        return
    start = stop = block.start
    for end in stops(markdown, block):
        if stop > start and size(markdown[start:end]) > MOST:
            yield span(markdown, block, start, stop)
            start = stop
        stop = end
    yield span(markdown, block, start, block.end)


def stops(markdown: str, block: Block) -> Iterator[int]:
    for match in re.finditer(r"\n+|(?<=[.!?])\s+|(?<=[。！？])", markdown[block.start : block.end]):
        yield block.start + match.end()
    yield block.end


def span(markdown: str, block: Block, start: int, end: int) -> Block:
    start, end = trimmed(markdown, start, end)
    return replace(block, start=start, end=end, words=size(markdown[start:end]))


def grouped(pieces: Iterable[Block]) -> Iterator[list[Block]]:
    """Neighbours together until they are long enough; a new heading begins a new chunk when the old one is."""
    group: list[Block] = []
    for piece in pieces:
        words = sum(one.words for one in group)
        new_section = bool(group) and piece.path != group[-1].path
        if group and (words + piece.words > MOST or (new_section and words >= FEWEST)):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def cut(markdown: str, title: str, group: list[Block]) -> Chunk:
    start, end = group[0].start, group[-1].end
    return Chunk(title, group[0].path, markdown[start:end], start, end)
