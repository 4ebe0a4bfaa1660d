"""Take a call of the Account Activity API apart: it may list several happenings of several kinds."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from towerdesk.channels.doors import Piece

BESIDE = ("for_user_id", "users", "apps", "user_has_blocked", "is_blocked_by")
"""What stands beside the happenings."""
BY_ID = ("direct_message_events", "tweet_create_events")


def pieces(body: bytes, user: str) -> list[Piece]:
    """Each holds all that is needed to read it alone. `user` is the account that the inbox stands for."""
    return [_piece(one) for one in _ones(json.loads(body), user)]


def _ones(told: dict[str, Any], user: str) -> Iterator[dict[str, Any]]:
    users = told.get("users") if isinstance(told.get("users"), dict) else {}
    about = {"for": str(told.get("for_user_id") or ""), "user": user}
    for kind in (name for name in told if name not in BESIDE):
        listed = told[kind] if isinstance(told[kind], list) else [told[kind]]
        for one in listed:
            yield {**about, "kind": kind, "one": one, "users": _of(one, users or {})}


def _of(one: Any, users: dict[str, Any]) -> dict[str, Any]:
    """Those whom the happening names."""
    said = json.dumps(one)
    return {number: who for number, who in users.items() if f'"{number}"' in said}


def _piece(one: dict[str, Any]) -> Piece:
    content = json.dumps(one, sort_keys=True).encode()
    what = one["one"] if isinstance(one["one"], dict) else {}
    id_ = what.get("id_str") or what.get("id") if one["kind"] in BY_ID else None
    return Piece(content, id=f"{one['for']}:{one['kind']}:{id_}" if id_ else hashlib.sha256(content).hexdigest())
