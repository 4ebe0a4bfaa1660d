"""The tree of a mail's parts (RFC 2046): one pass over the bytes, in time that grows with their number alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from towerdesk.channels.email.headers import Fields, raw_text_of, read_fields, text_of
from towerdesk.channels.email.names import type_by_name
from towerdesk.channels.email.params import Params, split_params

MAX_PARTS = 1_000  # parts of one mail
MAX_LINES = 200_000  # lines looked at that begin with two dashes
MAX_DEPTH = 50  # multiparts inside one another
MAX_GUESSES = 3  # rounds of looking for a boundary that the headers do not name
MAX_BOUNDARY = 300  # bytes; RFC 2046 allows 70

_GUESSED = re.compile(rb"^--([^\s][^\r\n]{0,200}?)[ \t]*\r*\n(?=content-)", re.IGNORECASE | re.MULTILINE)
_TYPE = re.compile(r"^[\w!#$&^.+-]{1,120}/[\w!#$&^.+-]{1,120}$")


@dataclass(slots=True)
class Node:
    """One part: a leaf with the range of its still encoded body in `raw`, or a multipart with children."""

    fields: Fields
    type: str  # "text/plain"; "" when the header is missing or unreadable
    params: Params
    disposition: str  # "attachment", "inline", "" or whatever the sender wrote
    disposition_params: Params
    start: int
    end: int
    children: list["Node"] = field(default_factory=list)
    boundary: bytes = b""
    cut: bool = False  # nested too deeply to be opened
    is_root: bool = False

    @property
    def is_multipart(self) -> bool:
        return self.type.startswith("multipart/")

    def value(self, name: str) -> bytes:
        """The first raw value of a field, or nothing."""
        return next((value for its_name, value in self.fields if its_name == name), b"")

    def text(self, name: str) -> str:
        value = self.value(name)
        return text_of(value) if value else ""


@dataclass(slots=True)
class _Level:
    node: Node
    child: Node | None = None


def read_tree(raw: bytes, start: int, end: int) -> tuple[Node, list[str]]:
    """The tree of the mail in `raw[start:end]`, with sentences about what was odd."""
    fields, body, defects = read_fields(raw, start, end)
    root = _node(fields, body, end, "text/plain")
    root.is_root = True
    if root.is_multipart:
        _Reader(raw, defects).fill(root)
    return root, defects


class _Reader:
    """Walks from one delimiter line to the next; the innermost open multipart that knows a delimiter gets it."""

    def __init__(self, raw: bytes, defects: list[str]) -> None:
        self.raw = raw
        self.defects = defects
        self.count = 1

    def fill(self, root: Node) -> None:
        self._split(root)
        for _ in range(MAX_GUESSES):
            if not self._guess_boundaries(root):
                return

    def _split(self, root: Node) -> None:
        levels = [_Level(root)]
        by_boundary = {root.boundary: [0]} if root.boundary else {}
        for count, (begin, after, mark) in enumerate(_delimiters(self.raw, root.start, root.end)):
            if count >= MAX_LINES:
                self._once("Too many lines look like delimiters of parts; the rest was not taken apart.")
                break
            depth, is_close = _owner(by_boundary, mark)
            if depth < 0 or begin < _floor(levels):
                continue
            _end(levels, depth, _before(self.raw, begin))
            _forget(levels, by_boundary, depth)
            if is_close:
                levels[depth].child = None
                continue
            if self.count >= MAX_PARTS:
                self._once(f"The mail has more than {MAX_PARTS:,} parts; the rest is only in the original.")
                levels[depth].child = None
                continue
            self._open(levels, by_boundary, begin, after, root.end)

    def _open(self, levels: list[_Level], by_boundary: dict[bytes, list[int]], begin: int, at: int, end: int) -> None:
        parent = levels[-1].node
        self._keep_preamble(parent, begin)
        fields, body, defects = read_fields(self.raw, at, end)
        self.count += 1
        for defect in defects:
            self._once(defect)
        child = _node(fields, body, end, "message/rfc822" if parent.type == "multipart/digest" else "text/plain")
        parent.children.append(child)
        levels[-1].child = child
        if not child.is_multipart:
            return
        if len(levels) >= MAX_DEPTH:
            child.cut = True
            self._once(f"Parts lie more than {MAX_DEPTH} deep in one another; the inner ones were not opened.")
            return
        levels.append(_Level(child))
        if child.boundary:
            by_boundary.setdefault(child.boundary, []).append(len(levels) - 1)

    def _keep_preamble(self, multipart: Node, begin: int) -> None:
        """Headers of a multipart and of its first text, run together: what stands before the first delimiter is that text."""
        own = [split_params(raw_text_of(value)) for name, value in multipart.fields if name == "content-type"][1:]
        meant = next(((kind, params) for kind, params in own if kind in ("text/plain", "text/html")), None)
        if meant and not multipart.children and self.raw[multipart.start : begin].strip():
            text = Node(multipart.fields, *meant, "", {}, multipart.start, _before(self.raw, begin))
            multipart.children.append(text)
            self._once("The headers of a multipart and of its first part had run together.")

    def _guess_boundaries(self, root: Node) -> bool:
        """Multiparts whose own boundary never came: take the one that is used, else it is text. True when any was."""
        guessed = False
        for multipart in [one for one in _walk(root) if one.is_multipart and not one.children and not one.cut]:
            found = _GUESSED.search(self.raw, multipart.start, multipart.end)
            if found:
                self._once("A boundary was not the one that the headers name.")
                multipart.boundary = found.group(1)
                self._split(multipart)
                guessed = True
            if not multipart.children and self.raw[multipart.start : multipart.end].strip():
                self._once("A multipart has no parts and was read as text.")
                multipart.type = "text/plain"
        return guessed

    def _once(self, sentence: str) -> None:
        if sentence not in self.defects:
            self.defects.append(sentence)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _delimiters(raw: bytes, start: int, end: int) -> Iterator[tuple[int, int, bytes]]:
    """(where the line begins, where the next begins, what follows its two dashes) of each possible delimiter."""
    at = raw.find(b"--", start, start + 2) if raw[start : start + 2] == b"--" else _next(raw, start, end)
    while at >= 0:
        stop = raw.find(b"\n", at, end)
        after = end if stop < 0 else stop + 1
        if after - at <= MAX_BOUNDARY + 6:
            yield at, after, raw[at + 2 : after].rstrip()
        at = _next(raw, after - 1 if stop >= 0 else end, end)


def _next(raw: bytes, at: int, end: int) -> int:
    found = raw.find(b"\n--", at, end)
    return found + 1 if found >= 0 else -1


def _owner(by_boundary: dict[bytes, list[int]], mark: bytes) -> tuple[int, bool]:
    """(depth of the innermost multipart that the delimiter belongs to, whether it closes it); (-1, False) if none."""
    opens = by_boundary.get(mark)
    closes = by_boundary.get(mark[:-2]) if mark.endswith(b"--") else None
    depth_open = opens[-1] if opens else -1
    depth_close = closes[-1] if closes else -1
    return (depth_close, True) if depth_close > depth_open else (depth_open, False)


def _floor(levels: list[_Level]) -> int:
    """Where the newest part's body begins: what looks like a delimiter before it was inside its headers."""
    newest = levels[-1].child or levels[-1].node
    return newest.start


def _before(raw: bytes, begin: int) -> int:
    """The line end before a delimiter belongs to the delimiter."""
    end = begin - 1 if begin and raw[begin - 1] == 10 else begin
    return end - 1 if end and end < begin and raw[end - 1] == 13 else end


def _end(levels: list[_Level], depth: int, at: int) -> None:
    """All that is open below `depth` ends here."""
    for level in levels[depth:]:
        if level.child is not None:
            level.child.end = max(level.child.start, min(level.child.end, at))
    levels[depth].child = None


def _forget(levels: list[_Level], by_boundary: dict[bytes, list[int]], depth: int) -> None:
    while len(levels) - 1 > depth:
        boundary = levels.pop().node.boundary
        if boundary and by_boundary.get(boundary):
            by_boundary[boundary].pop()
            if not by_boundary[boundary]:
                del by_boundary[boundary]


def _node(fields: Fields, start: int, end: int, otherwise: str) -> Node:
    kind, params = _content_type(fields)
    named = next((value for name, value in fields if name == "content-disposition"), b"")
    charset = params.get("charset", "")
    disposition, disposition_params = split_params(raw_text_of(named, charset)) if named else ("", {})
    boundary = params.get("boundary", "").encode("utf-8", "replace").rstrip()[:MAX_BOUNDARY]
    is_multipart = kind.startswith("multipart/")
    return Node(
        fields, kind or otherwise, params, disposition, disposition_params, start, end,
        boundary=boundary if is_multipart else b"",
    )  # fmt: skip


def _content_type(fields: Fields) -> tuple[str, Params]:
    """Of several Content-Type fields the first readable one counts."""
    params: Params = {}
    for name, value in fields:
        if name == "content-type":
            kind, params = split_params(raw_text_of(value))
            if _TYPE.match(kind):
                return kind, params
            if kind in ("text", "html", "plain"):
                return "text/html" if kind == "html" else "text/plain", params
            if params.get("name"):
                return type_by_name(params["name"]), params
    return "", params
