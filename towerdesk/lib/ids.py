"""Signed short tokens and keyed digests, all from the desk's one secret."""

import base64
import hashlib
import hmac

from django.conf import settings


def signature(purpose: str, text: str, length: int = 16) -> str:
    """A lower-case base32 HMAC-SHA256 of `text`, cut to `length` characters (5 bits each); safe in mail addresses."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{purpose}\0{text}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:length]


def is_signed(purpose: str, text: str, given: str) -> bool:
    return hmac.compare_digest(signature(purpose, text, len(given)), given) and len(given) >= 12


def equal(one: str, other: str) -> bool:
    """In constant time, for secrets and signatures from outside. Nothing equals an empty one: that is not a secret."""
    return bool(one and other) and hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
