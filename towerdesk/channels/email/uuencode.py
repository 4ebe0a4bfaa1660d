"""Files that old mailers put into the text itself, between `begin 644 name` and `end` (POSIX uuencode)."""

import binascii
import re

MAX_FILES = 50  # files taken out of one text

_BEGIN = re.compile(rb"^begin[ \t]+[0-7]{3,4}[ \t]+([^\r\n]{1,250})\r?\n", re.MULTILINE)


def unuuencode(data: bytes) -> bytes | None:
    """The first uuencoded file in `data`, or None."""
    found = _BEGIN.search(data)
    return _file(data, found)[0] if found else None


def take_files(data: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """The text without its uuencoded files, and those as (name, content)."""
    if b"begin " not in data:
        return data, []
    kept: list[bytes] = []
    files: list[tuple[bytes, bytes]] = []
    at = 0
    while len(files) < MAX_FILES and (found := _BEGIN.search(data, at)):
        content, after = _file(data, found)
        if content is None:
            kept.append(data[at : found.end()])
            at = found.end()
            continue
        kept.append(data[at : found.start()])
        files.append((found.group(1).strip(), content))
        at = after
    kept.append(data[at:])
    return b"".join(kept), files


def _file(data: bytes, begin: re.Match[bytes]) -> tuple[bytes | None, int]:
    """The file after a `begin` line and where the text goes on; None when the lines after it are no uuencoding."""
    at = begin.end()
    pieces: list[bytes] = []
    while at < len(data):
        stop = data.find(b"\n", at)
        stop = len(data) if stop < 0 else stop
        line = data[at:stop].rstrip(b"\r")
        if line.rstrip() == b"end":
            return b"".join(pieces), stop + 1
        piece = _line(line)
        if piece is None:
            break
        pieces.append(piece)
        at = stop + 1
    return (b"".join(pieces), at) if len(pieces) > 1 else (None, at)


def _line(line: bytes) -> bytes | None:
    """One line's bytes; None when it can't be uuencoding: its first letter states its length."""
    if not line.strip(b" `"):
        return b""
    size = (line[0] - 32) & 63
    need = (size + 2) // 3 * 4 + 1
    if not 32 <= line[0] <= 96 or len(line) > need + 3 or len(line.rstrip()) < size * 4 // 3 - 3:
        return None
    try:
        return binascii.a2b_uu(line[:need].ljust(need))
    except binascii.Error:
        return None
