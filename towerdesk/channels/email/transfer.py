"""Content-Transfer-Encoding undone (RFC 2045, section 6), with the labels and slips of real senders."""

import binascii
import re

from towerdesk.channels.email.headers import unbase64
from towerdesk.channels.email.uuencode import unuuencode

MAX_MENDED = 2_000_000  # bytes up to which single lines are looked at; only texts and small files need it

_SOFT_BREAK = re.compile(rb"=[ \t]+(\r*\n)")
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n\f"
_LINE_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]*\Z")
_LABEL = re.compile(r"[a-z0-9-]+")
_UU = ("x-uuencode", "uuencode", "x-uue", "uue")


def undo(data: bytes, encoding: str) -> tuple[bytes, str]:
    """(the decoded bytes, "" or a sentence about what was wrong). Unknown encodings leave the bytes as they are."""
    found = _LABEL.search(encoding.lower())
    label = found.group() if found else ""
    if label in ("base64", "b", "base-64"):
        return _base64(data)
    if label in ("quoted-printable", "quotedprintable", "qp", "quoted"):
        return _quoted_printable(data), ""
    if label in _UU:
        opened = unuuencode(data)
        said = "A part is labelled uuencoded but is not." if opened is None and data.strip() else ""
        return (data if opened is None else opened), said
    return data, ""


def _quoted_printable(data: bytes) -> bytes:
    if len(data) < MAX_MENDED and (b"= " in data or b"=\t" in data):
        data = _SOFT_BREAK.sub(rb"=\1", data)
    return binascii.a2b_qp(data)


def _base64(data: bytes) -> tuple[bytes, str]:
    is_mixed = bool(data.translate(None, _BASE64)) and len(data) < MAX_MENDED
    return _mixed(data) if is_mixed else (unbase64(data), "")


def _mixed(data: bytes) -> tuple[bytes, str]:
    """Base64 with something else around it, such as a mailing list's footer; or no base64 at all."""
    lines = data.splitlines()
    good = [line for line in lines if _LINE_BASE64.match(line)]
    if sum(map(len, good)) * 2 < sum(map(len, lines)):
        return data, "A part is labelled base64 but is not."
    return unbase64(b"".join(good)), "Lines between the base64 of a part were left out."
