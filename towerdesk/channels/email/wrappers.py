"""Signed and encrypted wrappers: what they hold is shown when it can be read without a key."""

import re

_SIGNED_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"  # 1.2.840.113549.1.7.2, RFC 5652 section 5
_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"  # 1.2.840.113549.1.7.1
_OCTETS, _OCTETS_OF_OCTETS = 0x04, 0x24

_SIGNED = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:[A-Za-z-]+:[^\n]*\n)*\s*\n(.*?)\n?"
    r"^(-----BEGIN PGP SIGNATURE-----\n.*?^-----END PGP SIGNATURE-----)[ \t]*\n?",
    re.MULTILINE | re.DOTALL,
)
_DASHED = re.compile(r"^- ", re.MULTILINE)


def unwrap_pgp(text: str) -> tuple[str, str, bool]:
    """(the text without an inline PGP signature's frame, that signature, whether the text is encrypted)."""
    if "-----BEGIN PGP MESSAGE-----" in text:
        return text, "", True
    found = _SIGNED.search(text) if "-----END PGP SIGNATURE-----" in text else None
    if not found:
        return text, "", False
    inner = _DASHED.sub("", found.group(1))
    return text[: found.start()] + inner + "\n" + text[found.end() :], found.group(2) + "\n", False


def is_signed_data(data: bytes) -> bool:
    return _SIGNED_DATA in data[:40]


def open_signed_data(data: bytes) -> bytes | None:
    """The mail inside of CMS signed-data (RFC 5652), in DER or BER; None when it holds none. It judges no signature."""
    if not is_signed_data(data):
        return None
    at = data.find(_DATA, 0, 400)
    if at < 0:
        return None
    tagged = _element(data, at + len(_DATA))
    if tagged is None or tagged[0] != 0xA0:
        return None
    return _octets(data, tagged[1], tagged[2])


def _element(data: bytes, at: int) -> tuple[int, int, int | None] | None:
    """(tag, where its content begins, where it ends or None when that is open) of the element at `at`."""
    if at + 2 > len(data):
        return None
    tag, size = data[at], data[at + 1]
    if size == 0x80:
        return tag, at + 2, None
    if size < 0x80:
        return tag, at + 2, at + 2 + size
    wide = size & 0x7F
    if wide > 6 or at + 2 + wide > len(data):
        return None
    return tag, at + 2 + wide, at + 2 + wide + int.from_bytes(data[at + 2 : at + 2 + wide])


def _octets(data: bytes, at: int, end: int | None) -> bytes | None:
    """An OCTET STRING, whole or in pieces; pieces may be pieces again, so they are read flat, without recursion."""
    pieces: list[bytes] = []
    limit = len(data) if end is None else min(end, len(data))
    while at < limit:
        element = _element(data, at)
        if element is None or element[0] not in (_OCTETS, _OCTETS_OF_OCTETS):
            break
        tag, begin, stop = element
        if tag == _OCTETS_OF_OCTETS:
            at = begin
            continue
        pieces.append(data[begin:stop])
        at = stop if stop is not None else limit
    return b"".join(pieces) if pieces else None
