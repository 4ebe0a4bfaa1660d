"""Take a call apart: it may carry many entries, each with many changes, each with many messages and statuses."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from towerdesk.channels.doors import Piece

LISTS = {
    "messages": "message",
    "statuses": "status",
    "message_echoes": "echo",
    "calls": "call",
    "user_preferences": "preference",
    "errors": "error",
}
"""What a change may list, and what one of them is called in a piece."""


def pieces(body: bytes) -> list[Piece]:
    """Each holds all that is needed to read it alone."""
    return [_piece(one) for one in _ones(json.loads(body))]


def _ones(told: Any) -> Iterator[dict[str, Any]]:
    for entry in told["entry"]:
        for change in entry["changes"]:
            yield from _of_change(change)


def _of_change(change: Any) -> Iterator[dict[str, Any]]:
    """A change that lists nothing known is one piece as it came: nothing of a call is left out."""
    value = change.get("value") if isinstance(change, dict) else None
    found = [(what, one) for name, what in LISTS.items() for one in _list(value, name)]
    if not isinstance(value, dict) or not found:
        yield {"change": change}
        return
    about = {"field": change.get("field"), "metadata": value.get("metadata")}
    told = [what for what, _ in found]
    for what, one in found:
        if what == "error" and "message" in told:
            continue  # it explains the message beside it, and stands there
        more = {"errors": value.get("errors")} if what == "message" and value.get("errors") else {}
        yield {**about, what: one, "contact": _contact(value, one), **more}


def _list(value: Any, name: str) -> Iterable[Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _contact(value: dict[str, Any], one: Any) -> Any:
    """Who the piece is of: by number or id, or the only one that there is."""
    contacts = [contact for contact in _list(value, "contacts") if isinstance(contact, dict)]
    who = {str(one[key]) for key in ("from", "from_user_id") if one.get(key)} if isinstance(one, dict) else set()
    mine = (contact for contact in contacts if who & {str(contact.get("wa_id")), str(contact.get("user_id"))})
    return next(mine, contacts[0] if len(contacts) == 1 else None)


def _piece(one: dict[str, Any]) -> Piece:
    content = json.dumps(one, sort_keys=True).encode()
    return Piece(content, id=_id(one) or hashlib.sha256(content).hexdigest())


def _id(one: dict[str, Any]) -> str:
    """What is the same when it is delivered again. A message that is passed on only at the second try has another type."""
    message, status = one.get("message"), one.get("status")
    if isinstance(message, dict) and message.get("id"):
        return f"{message['id']}:{message.get('type')}"
    if isinstance(status, dict) and status.get("id"):
        whose = status.get("recipient_participant_id") or status.get("recipient_participant_user_id") or ""
        return f"{status['id']}:{status.get('status')}:{whose}"
    return ""
