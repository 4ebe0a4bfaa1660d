"""Header blocks: find their lines in bytes, decode their values (RFC 5322, RFC 2047), forgiving what is often wrong."""

import binascii
import re
from collections.abc import Iterator
from itertools import islice

from towerdesk.channels.email.charsets import codec, decode, tidy

MAX_FIELDS = 1_000  # header fields kept of one block; later ones are skipped
MAX_VALUE = 65_536  # bytes kept of one header value; a Received line has some 300
MAX_BLOCK = 1_048_576  # bytes of values kept of one block
MAX_JUNK = 50  # unreadable lines skipped inside one block before it counts as ended

type Fields = list[tuple[str, bytes]]
"""(lower-case name, raw value) in order of appearance."""

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:([^\n]*(?:\n[ \t]+[^\s][^\n]*)*)\n?")
_BLANK_LINE = re.compile(rb"\n\r*\n")
_KNOWN = re.compile(
    rb"(?:from|to|cc|bcc|subject|date|sender|reply-to|message-id|in-reply-to|references|received|return-path|mime-version|"
    rb"delivered-to|content-[a-z-]+|x-[!-9;-~]+|list-[a-z-]+|dkim-signature|status|importance|priority)[ \t]*:",
    re.IGNORECASE,
)
_WORD_START = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_FOLD = re.compile(rb"\r*\n[ \t]*|[\r\t]")
_BLANK_RUN = re.compile(r"\s+")


def read_fields(raw: bytes, start: int, end: int) -> tuple[Fields, int, list[str]]:
    """The header block of `raw[start:end]`: its fields, where the body begins, and what was odd about it."""
    fields: Fields = []
    defects: list[str] = []
    kept = junk = 0
    at = start
    while at < end:
        if len(fields) >= MAX_FIELDS or kept >= MAX_BLOCK:
            blank = _BLANK_LINE.search(raw, at - 1, end)
            return fields, blank.end() if blank else end, defects
        found = _FIELD.match(raw, at, end)
        if found:
            at = found.end()
            value = found.group(2)
            kept += min(len(value), MAX_VALUE)
            fields.append((found.group(1).decode("ascii").lower(), value))
            continue
        line, after = _line(raw, at, end)
        if not line.strip():
            if line and junk < MAX_JUNK and _continues(raw, after, end):
                junk += 1
                at = after
                continue
            return fields, after, defects
        if junk < MAX_JUNK and not line.startswith(b"--") and _is_junk(line, raw, after, end, bool(fields)):
            junk += 1
            at = after
            continue
        if fields or junk:
            defects.append("No blank line parts the headers from the text.")
        return fields, at, defects
    return fields, end, defects


def begins_headers(raw: bytes, at: int) -> bool:
    """Whether a well-known header, or an mbox line before one, stands at `at`."""
    return bool(_KNOWN.match(raw, at)) or raw.startswith(b"From ", at)


def _line(raw: bytes, at: int, end: int) -> tuple[bytes, int]:
    stop = raw.find(b"\n", at, end)
    return (raw[at:end], end) if stop < 0 else (raw[at:stop].rstrip(b"\r"), stop + 1)


def _continues(raw: bytes, at: int, end: int) -> bool:
    """Whether headers go on after a line of blanks: the next line is one, or part of one."""
    return bool(_KNOWN.match(raw, at, end)) or raw[at : at + 1] in (b" ", b"\t")


def _is_junk(line: bytes, raw: bytes, after: int, end: int, inside: bool) -> bool:
    """A line that is no header though headers follow it, such as a mbox separator."""
    if line.startswith((b"From ", b">From ")):
        return True
    return bool(_KNOWN.match(raw, after, end)) or (inside and line[:1] in (b" ", b"\t"))


def text_of(value: bytes, charset: str = "") -> str:
    """A header's value as one line: unfolded, encoded words decoded. `charset`: what 8-bit bytes may be in."""
    value = value[:MAX_VALUE]
    if b"\n" in value or b"\r" in value or b"\t" in value:
        value = _FOLD.sub(b" ", value)
    text = decode(value, charset if not value.isascii() and _strictly_utf8(value) is None else "")
    if "=?" in text:
        text = decode_words(text)
    return text.strip()


def raw_text_of(value: bytes, charset: str = "") -> str:
    """As `text_of`, with encoded words left alone: for values whose structure is read first."""
    value = _FOLD.sub(b" ", value[:MAX_VALUE])
    return decode(value, charset if _strictly_utf8(value) is None else "").strip()


def _strictly_utf8(value: bytes) -> str | None:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return None


def one_line(text: str) -> str:
    return _BLANK_RUN.sub(" ", text).strip()


def decode_words(text: str) -> str:
    """Decode the encoded words of RFC 2047. Neighbours in one charset are joined first: many senders split letters."""
    pieces: list[str] = []
    pending, pending_label = b"", ""
    for label, content in _words(text):
        if isinstance(content, bytes):
            if pending and codec(label) != codec(pending_label):
                pieces.append(decode(pending, pending_label))
                pending = b""
            pending, pending_label = pending + content, label
            continue
        if pending:
            pieces.append(decode(pending, pending_label))
            pending = b""
        pieces.append(content)
    if pending:
        pieces.append(decode(pending, pending_label))
    return tidy("".join(pieces))


def _words(text: str) -> Iterator[tuple[str, bytes | str]]:
    """(charset, bytes) for each encoded word, ("", text) between them; blanks between two words are dropped."""
    at = 0
    after_word = False
    while True:
        found = _WORD_START.search(text, at)
        close = _closing(text, found) if found else -1
        if not found or close < 0:
            break
        between = text[at : found.start()]
        if between and not (after_word and between.isspace()):
            yield "", between
        yield found.group(1).partition("*")[0], _word(text[found.end() : close], found.group(2))
        at, after_word = close + 2, True
    if at < len(text):
        yield "", text[at:]


def _closing(text: str, start: re.Match[str]) -> int:
    """Where the word's `?=` is. In Q words a bare `?` may stand before an encoded letter, which looks the same."""
    close = text.find("?=", start.end())
    while close >= 0 and start.group(2) in "qQ" and _is_hex(text[close + 2 : close + 4]):
        following = text.find("?=", close + 2)
        if following < 0:
            break
        close = following
    return close


def _is_hex(pair: str) -> bool:
    return len(pair) == 2 and all(letter in "0123456789abcdefABCDEF" for letter in pair)


def _word(content: str, encoding: str) -> bytes:
    data = content.encode("utf-8", "replace")
    if encoding in "bB":
        return unbase64(data)
    return _HEX.sub(lambda pair: bytes([int(pair.group(1), 16)]), data.replace(b"_", b" "))


MAX_RUNS = 500_000  # pieces of base64 that were padded one by one
_PADDED = re.compile(rb"([^=]+)(={0,4})")
_NOT_BASE64 = bytes(sorted(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")))


def unbase64(data: bytes) -> bytes:
    """Base64 with whatever is missing or in between; runs that were padded one by one are decoded one by one."""
    data = data.translate(None, _NOT_BASE64)
    if b"=" not in data[:-2]:
        return _run(data.rstrip(b"="))
    pieces: list[bytes] = []
    for run, padding in islice((found.groups() for found in _PADDED.finditer(data)), MAX_RUNS):
        if pieces and (len(run) + len(padding)) % 4:
            break  # words after the end, not one more run
        pieces.append(_run(run))
    return b"".join(pieces)


def _run(run: bytes) -> bytes:
    rest = len(run) % 4
    run = run[:-1] if rest == 1 else run + b"=" * (-len(run) % 4)
    return binascii.a2b_base64(run)
