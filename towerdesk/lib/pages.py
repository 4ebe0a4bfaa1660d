"""Pages of a long list, by cursor: stable while rows are added, as fast on page 1,000 as on page 1.

A cursor is opaque and signed: it holds the sort values of the last row shown, and which list it belongs to.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet

from towerdesk.lib.errors import Invalid
from towerdesk.lib.ids import is_signed, signature

MOST = 200
SIGNATURE = 16  # characters


@dataclass(frozen=True, slots=True)
class Page[T]:
    """`next` is the cursor of the page that follows, or None on the last one."""

    items: list[T]
    next: str | None = None


def page_of[M: Model](
    rows: "QuerySet[M]", *keys: str, after: str | None = None, limit: int = 50, of: str = "list"
) -> Page[M]:
    """Up to `limit` rows in the order of `keys` (as for order_by; columns that are never null; the last one unique).

    `of` names the list: a cursor of one list is refused by another, with `Invalid`.
    """
    size = a_size(limit)
    if after:
        rows = rows.filter(those_behind(keys, read_cursor(after, of)))
    return cut(list(rows.order_by(*keys)[: size + 1]), *keys, size=size, of=of)


def cut[M: Model](found: list[M], *keys: str, size: int, of: str) -> Page[M]:
    """The page that begins with these rows in the order of `keys`, of which there is one more when another page follows."""
    if len(found) <= size:
        return Page(found)
    last = found[size - 1]
    return Page(found[:size], write_cursor(of, *(getattr(last, key.lstrip("-")) for key in keys)))


def a_size(limit: int) -> int:
    if not 1 <= limit <= MOST:
        raise Invalid(f"A page holds 1 to {MOST} rows, not {limit}.", {"limit": f"Use 1 to {MOST}."})
    return limit


def write_cursor(of: str, *values: Any) -> str:
    """Values may be strings, numbers and aware datetimes."""
    plain = [{"at": value.isoformat()} if isinstance(value, datetime) else value for value in values]
    body = json.dumps(plain, separators=(",", ":"))
    return base64.urlsafe_b64encode(f"{signature(_purpose(of), body, SIGNATURE)}{body}".encode()).decode().rstrip("=")


def read_cursor(text: str, of: str) -> list[Any]:
    try:
        whole = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        raise _unknown() from None
    signed, body = whole[:SIGNATURE], whole[SIGNATURE:]
    if not signed.isascii() or not is_signed(_purpose(of), body, signed):
        raise _unknown()
    return [datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value for value in json.loads(body)]


def those_behind(keys: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows behind these values: the first key decides, then the second …"""
    name, value, rest = keys[0].lstrip("-"), values[0], keys[1:]
    beyond = Q(**{f"{name}__{'lt' if keys[0].startswith('-') else 'gt'}": value})
    if not rest:
        return beyond
    not_before = Q(**{f"{name}__{'lte' if keys[0].startswith('-') else 'gte'}": value})  # lets an index begin here
    return not_before & (beyond | those_behind(rest, values[1:]))


def _purpose(of: str) -> str:
    return f"cursor of {of}"


def _unknown() -> Invalid:
    return Invalid(
        "This page marker is not one of ours: start again from the first page.",
        {"cursor": "Use the `next` of the page before, for the same search."},
    )
