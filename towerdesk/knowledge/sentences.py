"""Where the sentences of an article's Markdown begin and end, so that a reply can cite each one by itself."""

import re

LINE = re.compile(r"[^\n]+")
SKIP = re.compile(r"\s*(#{1,6}\s|```|~~~|\|?\s*:?-{3,}|---|\|)")
MARKER = re.compile(r"\s*(?:>\s*)*(?:[-*+]\s+|\d{1,3}[.)]\s+)?")
END = re.compile(r"(?<=[.!?。！？])[\"'»”)\]*_]*\s+(?=[\"'«“(\[*_]*[A-ZÀ-ÞА-Я0-9\u3040-\u9fff])")
ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|z\.B|d\.h|Mr|Mrs|Dr|Nr|No|approx|ca|vs|etc|p\.ej)|\b[A-Z])\.$")
FENCE = re.compile(r"^\s*(```|~~~)", re.M)


def spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Spans of the sentences within `text[start:end]`: prose is cut at sentence ends, each step of a list stays whole.

    Headings, tables and code are not sentences.
    """
    found: list[tuple[int, int]] = []
    stop = len(text) if end is None else end
    in_code = len(FENCE.findall(text[:start])) % 2 == 1
    for line in LINE.finditer(text, start, stop):
        if FENCE.match(line.group()):
            in_code = not in_code
        elif not in_code and not SKIP.match(line.group()):
            found.extend(_of_line(text, line.start(), line.end()))
    return found


def _of_line(text: str, start: int, end: int) -> list[tuple[int, int]]:
    marker = MARKER.match(text, start, end)
    begin = marker.end() if marker else start
    is_step = bool(marker and marker.group().strip(" >"))
    if is_step or not text[begin:end].strip():
        return [(begin, begin + len(text[begin:end].rstrip()))] if text[begin:end].strip() else []
    pieces, at = [], begin
    for gap in END.finditer(text, begin, end):
        if not ABBREVIATED.search(text, at, gap.start()):
            pieces.append((at, gap.start()))
            at = gap.end()
    return [*pieces, (at, begin + len(text[begin:end].rstrip()))]
