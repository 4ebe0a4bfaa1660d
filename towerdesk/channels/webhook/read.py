"""Any JSON as a message: where its words, its writer and its conversation stand is told by paths."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from towerdesk.channels.contract import Incoming

USUAL = {
    "text": "text",
    "sender": "sender",
    "sender_name": "sender_name",
    "subject": "subject",
    "conversation": "conversation",
    "id": "id",
    "at": "at",
}
"""What is looked for, and where unless the inbox says otherwise."""
NO_WORDS = "There are no words where the inbox looks for them ({path})."


def read(content: bytes, delivery: str, paths: Mapping[str, str]) -> Incoming:
    """Never raises. `paths` by the names in `USUAL`; `delivery` is the webhook's own id, for what has none."""
    try:
        payload = json.loads(content)
    except (ValueError, RecursionError):
        return Incoming(identity="webhook", happening="unknown", said="It is no JSON.")
    said = {name: words(find(payload, paths.get(name) or usual)) for name, usual in USUAL.items()}
    if not said["text"].strip():
        where = paths.get("text") or USUAL["text"]
        return Incoming(identity="webhook", happening="unknown", said=NO_WORDS.format(path=where))
    is_mail = "@" in said["sender"] and " " not in said["sender"]
    return Incoming(
        sender=said["sender"].lower() if is_mail else said["sender"],
        identity="email" if is_mail else "webhook",
        sender_name=said["sender_name"],
        subject=said["subject"],
        conversation=(said["conversation"] or said["id"] or delivery)[:200],
        text=said["text"],
        visible=said["text"],
        external_id=said["id"] or delivery,
        at=moment(find(payload, paths.get("at") or USUAL["at"])),
        trust={"verified": not is_mail, "sentence": "said by a program that signed it"},
    )


def find(payload: Any, path: str) -> Any:
    """`data.items.0.name` → that value, or None. A number is a place in a list, a name a field."""
    for step in path.split("."):
        if isinstance(payload, dict):
            payload = payload.get(step.strip())
        elif isinstance(payload, list) and step.strip().isdecimal() and int(step) < len(payload):
            payload = payload[int(step)]
        else:
            return None
    return payload


def words(value: Any) -> str:
    """Text as it is; numbers and other things as JSON writes them."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def moment(value: Any) -> datetime | None:
    """A Unix time in seconds or ISO 8601; what is neither says nothing."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        found = datetime.fromisoformat(value)
    except (ValueError, TypeError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
