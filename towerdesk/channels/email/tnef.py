"""Outlook's winmail.dat opened (MS-OXTNEF): its files, and the body that it holds as text, HTML or compressed RTF.

A reader of our own: the kept library trims zero bytes off files and can be made to count for hours by four bytes.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from towerdesk.channels.email.charsets import decode
from towerdesk.channels.email.headers import one_line
from towerdesk.channels.email.mail import Part
from towerdesk.channels.email.names import file_name, type_by_name
from towerdesk.channels.email.rtf import decompress, rtf_to_html, rtf_to_text

MAX_ATTRIBUTES = 5_000  # attributes of one file, and properties of one attribute
MAX_VALUES = 500  # values of one property
MAX_FILES = 500  # files taken out of one winmail.dat
MAX_NESTED = 5  # messages enclosed in one another
MAX_BODY = 2_000_000  # bytes read of a body

_SIGNATURE = b"\x78\x9f\x3e\x22"
_BODY, _DATA, _TITLE, _TRANSPORT_NAME = 0x800C, 0x800F, 0x8010, 0x9001
_RENDER, _MESSAGE_PROPERTIES, _FILE_PROPERTIES, _CODEPAGE, _SUBJECT = 0x9002, 0x9003, 0x9005, 0x9007, 0x8004

_P_SUBJECT, _P_BODY, _P_RTF, _P_HTML = 0x0037, 0x1000, 0x1009, 0x1013
_P_DISPLAY_NAME, _P_DATA, _P_FILE_NAME, _P_LONG_NAME = 0x3001, 0x3701, 0x3704, 0x3707
_P_MIME, _P_CONTENT_ID, _P_CODEPAGE = 0x370E, 0x3712, 0x3FDE
_MESSAGE_GUID = b"\x07\x03\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"

_FIXED = {0x0001: 4, 0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4, 0x0014: 8,
          0x0040: 8, 0x0048: 16}  # fmt: skip
_VARIABLE = {0x0000, 0x000D, 0x001E, 0x001F, 0x0102}
_UNICODE, _OBJECT = 0x001F, 0x000D


@dataclass(slots=True)
class Opened:
    """What a winmail.dat held. RTF and HTML bodies are also among the parts, as `body.rtf` and `body.html`."""

    text: str = ""
    html: str = ""
    subject: str = ""
    parts: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class _File:
    title: str = ""
    data: bytes = b""
    is_message: bool = False
    properties: dict[int, bytes] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)


def open_tnef(data: bytes, depth: int = 0) -> Opened | None:
    """What is in `data`, as far as it can be read; None when it is no TNEF at all."""
    start = data.find(_SIGNATURE, 0, 1_024)
    if start < 0:
        return None
    files: list[_File] = []
    found: dict[int, bytes] = {}
    names: dict[int, str] = {}
    codepage = "cp1252"
    for name, value in _attributes(data, start + 6):
        if name == _CODEPAGE:
            codepage = _codepage(value)
        elif name == _BODY:
            found.setdefault(_P_BODY, value)
            names.setdefault(_P_BODY, decode(value[:MAX_BODY], codepage))
        elif name == _SUBJECT:
            names.setdefault(_P_SUBJECT, decode(value, codepage))
        elif name == _MESSAGE_PROPERTIES:
            _read_properties(value, codepage, found, names)
        elif name in (_RENDER, _DATA, _TITLE, _FILE_PROPERTIES, _TRANSPORT_NAME):
            _add(files, name, value, codepage)
    return _opened(files, found, names, codepage, depth)


def _attributes(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """(name, value) of each attribute; what is left when one does not fit any more is garbage."""
    for _ in range(MAX_ATTRIBUTES):
        if at + 9 > len(data) or data[at] not in (1, 2):
            return
        name, _, size = struct.unpack_from("<HHI", data, at + 1)
        if at + 9 + size > len(data) + 2:  # the checksum may be missing at the very end
            return
        yield name, data[at + 9 : at + 9 + size]
        at += 11 + size


def _add(files: list[_File], name: int, value: bytes, codepage: str) -> None:
    if name == _RENDER or not files:
        if len(files) >= MAX_FILES:
            return
        files.append(_File())
    newest = files[-1]
    if name == _DATA:
        newest.data = value
    elif name in (_TITLE, _TRANSPORT_NAME):
        newest.title = newest.title or decode(value, codepage).strip("\0 ")
    elif name == _FILE_PROPERTIES:
        _read_properties(value, codepage, newest.properties, newest.names)


def _read_properties(data: bytes, codepage: str, found: dict[int, bytes], names: dict[int, str]) -> None:
    """MAPI properties (MS-OXTNEF 2.1.3.4): bytes of each into `found`, strings also into `names`; the first counts."""
    try:
        for name, kind, value in _properties(data):
            if name not in found:
                is_message = kind == _OBJECT and value[:16] == _MESSAGE_GUID
                found[name] = value[16:] if is_message else value
                if is_message:
                    names[name] = "message"
            if name not in names and kind in (0x001E, _UNICODE):
                names[name] = decode(value[:MAX_BODY], "utf-16-le" if kind == _UNICODE else codepage).rstrip("\0")
    except struct.error:
        return


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    (count,) = struct.unpack_from("<I", data)
    at = 4
    for _ in range(min(count, MAX_ATTRIBUTES)):
        kind, name = struct.unpack_from("<HH", data, at)
        at += 4
        if name >= 0x8000:
            at = _after_named(data, at)
        is_multiple = bool(kind & 0x1000)
        kind &= 0x0FFF
        if kind in _FIXED:
            values, at = _fixed(data, at, kind, is_multiple)
        elif kind in _VARIABLE:
            values, at = _variable(data, at)
        else:
            return
        for value in values[:1]:
            yield name, kind, value


def _after_named(data: bytes, at: int) -> int:
    """A named property states its set (16 bytes) and a number or a name."""
    kind, size = struct.unpack_from("<II", data, at + 16)
    return at + 24 + ((size + 3) & ~3 if kind else 0)


def _fixed(data: bytes, at: int, kind: int, is_multiple: bool) -> tuple[list[bytes], int]:
    size, count = _FIXED[kind], 1
    if is_multiple:
        (count,) = struct.unpack_from("<I", data, at)
        at += 4
        size = 2 if kind in (0x0002, 0x000B) else size
    end = at + ((size * count + 3) & ~3)
    return [data[at : at + size]], end


def _variable(data: bytes, at: int) -> tuple[list[bytes], int]:
    (count,) = struct.unpack_from("<I", data, at)
    at += 4
    values: list[bytes] = []
    for _ in range(count):
        (size,) = struct.unpack_from("<I", data, at)
        values.append(data[at + 4 : at + 4 + size])
        at += 4 + ((size + 3) & ~3)
        if at > len(data) + 3 or len(values) > MAX_VALUES:
            raise struct.error
    return values, at


def _codepage(value: bytes) -> str:
    number = int.from_bytes(value[:4], "little")
    return {65001: "utf-8", 20127: "us-ascii", 28591: "cp1252", 20866: "koi8-r", 50220: "iso-2022-jp"}.get(
        number, f"cp{number}"
    )


def _opened(files: list[_File], found: dict[int, bytes], names: dict[int, str], codepage: str, depth: int) -> Opened:
    opened = Opened(subject=one_line(names.get(_P_SUBJECT, "")))
    for one in files:
        opened.parts.extend(_parts(one, len(opened.parts) + 1, depth))
    opened.text = names.get(_P_BODY, "").rstrip("\0").replace("\r\n", "\n").replace("\r", "\n").strip()
    if _P_HTML in found:
        html = found[_P_HTML].rstrip(b"\0")
        own = _codepage(found[_P_CODEPAGE]) if _P_CODEPAGE in found else codepage
        opened.html = names.get(_P_HTML) or decode(html[:MAX_BODY], own)
        opened.parts.append(Part("body.html", "text/html", html, inline=True))
    if _P_RTF in found and (rtf := decompress(found[_P_RTF], MAX_BODY)):
        opened.html = opened.html or rtf_to_html(rtf)
        opened.text = opened.text or ("" if opened.html else rtf_to_text(rtf))
        opened.parts.append(Part("body.rtf", "application/rtf", rtf, inline=True))
    return opened


def _parts(one: _File, number: int, depth: int) -> list[Part]:
    """The file itself; an enclosed message becomes what it says and carries."""
    data = one.properties.get(_P_DATA) if _P_DATA in one.properties and not one.data else one.data
    wanted = (
        next(filter(None, map(one.names.get, (_P_LONG_NAME, _P_FILE_NAME))), "")
        or one.title
        or one.names.get(_P_DISPLAY_NAME, "")
    )
    if one.names.get(_P_DATA) == "message" and depth < MAX_NESTED and (inner := open_tnef(data or b"", depth + 1)):
        return _enclosed(inner, wanted, number)
    kind = one.names.get(_P_MIME, "").strip().lower() or type_by_name(wanted)
    content_id = one.names.get(_P_CONTENT_ID, "").strip("<> ")
    return [Part(file_name(wanted, kind, number), kind, data or b"", content_id, bool(content_id))]


def _enclosed(inner: Opened, wanted: str, number: int) -> list[Part]:
    title = inner.subject or wanted
    parts = [part for part in inner.parts if not part.name.startswith("body.")]
    if inner.html:
        return [Part(file_name(f"{title}.html", "text/html", number), "text/html", inner.html.encode()), *parts]
    if inner.text:
        return [Part(file_name(f"{title}.txt", "text/plain", number), "text/plain", inner.text.encode()), *parts]
    return parts
