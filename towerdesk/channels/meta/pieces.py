"""Take a call of the Messenger Platform apart: entries of a page, each with happenings, those on standby, and changes."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from towerdesk.channels.doors import Piece

LISTS = {"messaging": "event", "standby": "standby", "changes": "change"}
"""What an entry may list, and what one of them is called in a piece."""


def pieces(body: bytes) -> list[Piece]:
    """Each holds all that is needed to read it alone."""
    return [_piece(one) for one in _ones(json.loads(body))]


def _ones(told: Any) -> Iterator[dict[str, Any]]:
    """An entry that lists nothing known is one piece as it came: nothing of a call is left out."""
    for entry in told["entry"]:
        about = {"object": told.get("object"), "page": entry.get("id"), "time": entry.get("time")}
        found = [(what, one) for name, what in LISTS.items() for one in entry.get(name) or []]
        for what, one in found:
            yield from ({**about, what: each} for each in _each(what, one))
        if not found:
            yield {**about, "entry": entry}


def _each(what: str, one: Any) -> Iterator[Any]:
    """A delivery may name several messages: each has a fate of its own."""
    delivery = one.get("delivery") if what == "event" and isinstance(one, dict) else None
    mids = delivery.get("mids") if isinstance(delivery, dict) else None
    if isinstance(mids, list) and mids:
        yield from ({**one, "delivery": {**delivery, "mids": [mid]}} for mid in mids if isinstance(delivery, dict))
    else:
        yield one


def _piece(one: dict[str, Any]) -> Piece:
    """A message is known by its id. Of the rest a happening has a time of its own; a change of a page has only that of its
    entry, which tells two edits apart."""
    content = json.dumps(one, sort_keys=True).encode()
    same = json.dumps({**one, "time": None} if "change" not in one else one, sort_keys=True).encode()
    return Piece(content, id=_message(one) or hashlib.sha256(same).hexdigest())


def _message(one: dict[str, Any]) -> str:
    """Its id, unless it is one that is taken back."""
    event = one.get("event")
    message = event.get("message") if isinstance(event, dict) else None
    if not isinstance(message, dict) or not message.get("mid") or message.get("is_deleted"):
        return ""
    return f"{message['mid']}"
