"""Names that files are given: decoded, without folders and control characters, never empty."""

import mimetypes
import re

MAX_NAME = 200  # characters kept; file systems take 255 bytes

_BAD = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"<>|*?]')
_BLANKS = re.compile(r"\s+")
_USUAL = {
    "message/delivery-status": "delivery-status.txt",
    "message/global-delivery-status": "delivery-status.txt",
    "message/disposition-notification": "read-receipt.txt",
    "message/feedback-report": "feedback-report.txt",
    "text/rfc822-headers": "original-headers.txt",
    "text/calendar": "invitation.ics",
}
_ENDINGS = {
    "text/plain": ".txt",
    "text/html": ".html",
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "message/partial": ".eml",
    "message/external-body": ".txt",
    "message/news": ".eml",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/pjpeg": ".jpg",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "audio/mp3": ".mp3",
    "application/pgp-signature": ".asc",
    "application/pgp-encrypted": ".asc",
    "application/pgp-keys": ".asc",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m",
    "application/ms-tnef": ".dat",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
}


def file_name(wanted: str, kind: str, number: int) -> str:
    """A safe name near the one that was wanted; `attachment-3.png` when nothing of it is left."""
    name = _clean(wanted)
    if name.strip(". "):
        return name
    return _USUAL.get(kind) or f"attachment-{number}{ending(kind)}"


def named_by_subject(subject: str, number: int) -> str:
    """The name of an enclosed mail that has none: its subject."""
    name = _clean(subject.replace("/", "-").replace("\\", "-").replace(":", ""))
    return f"{name[: MAX_NAME - 4]}.eml" if name.strip(". ") else f"attachment-{number}.eml"


def ending(kind: str) -> str:
    found = _ENDINGS.get(kind) or mimetypes.guess_extension(kind, strict=False)
    if found:
        return found
    family, _, own = kind.partition("/")
    if family == "text":
        return ".txt"
    return f".{own}" if family in ("image", "audio", "video") and own.isalnum() and len(own) < 6 else ".bin"


def type_by_name(name: str) -> str:
    return mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"


def _clean(name: str) -> str:
    name = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = _BLANKS.sub(" ", _BAD.sub("", _BLANKS.sub(" ", name))).strip()
    if len(name) <= MAX_NAME:
        return name
    stem, dot, last = name.rpartition(".")
    return f"{stem[: MAX_NAME - len(last) - 1]}.{last}" if dot and len(last) < 12 else name[:MAX_NAME]
