"""Read one piece of what Meta calls us with. Whatever it does not know is kept as it came, with a sentence."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from towerdesk.channels.contract import Incoming, Status
from towerdesk.channels.whatsapp.errors import CODES
from towerdesk.channels.whatsapp.words import files, words

STATUSES: dict[str, Status] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}
PART = "part"
"""What we let WhatsApp repeat in the statuses of all parts of a reply but the last one, whose fate is told."""
ODD = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, OSError, RecursionError)


def read(content: bytes, number: str) -> Incoming:
    """`number` is the id of the number that the inbox stands for."""
    try:
        said = json.loads(content)
        return _other_number(said, number) or _read(said)
    except ODD as error:
        return _unknown(f"It is not as WhatsApp's calls are ({type(error).__name__}).")


def _other_number(said: dict[str, Any], number: str) -> Incoming | None:
    """All numbers of an app call one address, unless each is given its own at Meta."""
    meant = str((said.get("metadata") or {}).get("phone_number_id") or "")
    if not meant or not number or meant == number:
        return None
    shown = (said.get("metadata") or {}).get("display_phone_number") or meant
    return _unknown(f"It is for another number, {shown}: give that number's inbox as its callback address at Meta.")


def _read(said: dict[str, Any]) -> Incoming:
    for what, reader in READERS.items():
        if what in said:
            return reader(said)
    return _change(said.get("change", said))


def _message(said: dict[str, Any]) -> Incoming:
    message = said["message"]
    kind = message.get("type")
    if kind in ABOUT:
        return ABOUT[kind](said, message)
    if said.get("errors") and not message.get("errors"):
        message = {**message, "errors": said["errors"]}
    text = words(message)
    return _from(said, text=text, visible=text, remote=files(message), external_id=str(message["id"]))


def _reaction(said: dict[str, Any], message: dict[str, Any]) -> Incoming:
    reaction = message["reaction"]
    sign = str(reaction.get("emoji") or "took the sign back")
    return _from(said, happening="reaction", said=sign, about=str(reaction["message_id"]))


def _edit(said: dict[str, Any], message: dict[str, Any]) -> Incoming:
    """A file that was exchanged is not fetched anew: what the first message carried stays."""
    edit = message["edit"]
    text = words(edit["message"])
    if not text:
        return _from(said, happening="unknown", said="Something of a message changed that is not its words.")
    return _from(said, happening="edit", text=text, visible=text, about=str(edit["original_message_id"]))


def _deletion(said: dict[str, Any], message: dict[str, Any]) -> Incoming:
    return _from(said, happening="deletion", about=str(message["revoke"]["original_message_id"]))


def _system(said: dict[str, Any], message: dict[str, Any]) -> Incoming:
    """Such as a new number. Whether it is still the same person, a person says."""
    told = (message.get("system") or {}).get("body") or "something changed"
    return _from(said, happening="unknown", said=f"WhatsApp tells about this customer: {told}.")


def _status(said: dict[str, Any]) -> Incoming:
    status = said["status"]
    how, told = STATUSES.get(str(status.get("status"))), (status.get("errors") or [{}])[0]
    if status.get("type") == "call" or how is None:
        what = "call" if status.get("type") == "call" else "reply"
        return _unknown(f"It tells how far a {what} has come that the desk does not follow: {status.get('status')}.")
    if status.get("biz_opaque_callback_data") == PART:
        return _unknown(
            f"It tells that one part of a reply in several parts was {how}; the last part tells of them all."
        )
    why = CODES.sentence(told) if how == "failed" else ""
    about, at = str(status["id"]), _at(status)
    return Incoming(identity="phone", happening="status", status=how, said=why, about=about, at=at)


def _echo(said: dict[str, Any]) -> Incoming:
    echo = said["echo"]
    text = words(echo) if echo.get("type") not in ABOUT else str(echo["type"])
    return _unknown(f"It was sent past the desk, by the WhatsApp Business app, to {echo.get('to', '?')}: {text}")


def _call(said: dict[str, Any]) -> Incoming:
    call = said["call"]
    whose = "Somebody calls" if call.get("direction") == "USER_INITIATED" else "We call"
    return _from(
        said, happening="unknown", said=f"{whose} by WhatsApp ({call.get('event', '?')}): the desk takes no calls."
    )


def _preference(said: dict[str, Any]) -> Incoming:
    wish = said["preference"]
    return _unknown(f"About marketing messages: {wish.get('detail') or wish.get('value')}, {wish.get('wa_id', '?')}.")


def _error(said: dict[str, Any]) -> Incoming:
    return _unknown(f"WhatsApp tells of an error: {CODES.sentence(said['error'])}")


def _change(change: Any) -> Incoming:
    """Of the account or its templates: nobody's message, but somebody should know."""
    value = change.get("value") if isinstance(change, dict) else None
    if not isinstance(value, dict):
        return _unknown("It is not as WhatsApp's calls are.")
    template, event = value.get("message_template_name"), value.get("event") or change.get("field")
    if template:
        why = value.get("reason") if value.get("reason") not in (None, "NONE") else ""
        now = value.get("new_category") or value.get("new_quality_score") or ""
        more = ", ".join(str(one) for one in (event, now, why) if one)
        return _unknown(f"About the template {template} ({value.get('message_template_language')}): {more}.")
    return _unknown(f"About the account at Meta: {event}.")


READERS: dict[str, Callable[[dict[str, Any]], Incoming]] = {
    "message": _message,
    "status": _status,
    "echo": _echo,
    "call": _call,
    "preference": _preference,
    "error": _error,
}
ABOUT: dict[Any, Callable[[dict[str, Any], dict[str, Any]], Incoming]] = {
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _deletion,
    "system": _system,
}


def _from(piece: dict[str, Any], /, **more: Any) -> Incoming:
    """WhatsApp vouches for the number, or for its own id of those who show none. The name is only what they call themselves."""
    one = next(piece[what] for what in ("message", "call") if what in piece)
    contact = piece.get("contact") or {}
    name = (contact.get("profile") or {}).get("name")
    number = str(one.get("from") or contact.get("wa_id") or "")
    user = str(one.get("from_user_id") or contact.get("user_id") or "")
    is_number = number.isascii() and number.isdecimal()
    own = number if is_number else user or number
    group = one.get("group_id")
    answered = (one.get("context") or {}).get("id")
    return Incoming(
        sender=f"+{number}" if is_number else own,
        identity="phone" if is_number else "whatsapp",
        sender_name=str(name or ""),
        conversation=f"group:{group}" if group else own,
        answers=[str(answered)] if answered else [],
        at=_at(one),
        trust={"verified": True, "sentence": "signed for by WhatsApp"},
        **more,
    )


def _at(one: dict[str, Any]) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(one["timestamp"]), UTC)
    except ODD:
        return None


def _unknown(said: str) -> Incoming:
    return Incoming(identity="phone", happening="unknown", said=said)
