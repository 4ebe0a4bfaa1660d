"""One update of the Bot API as what it tells: a message, an edit, a pressed button, or a kind that is kept and shown."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from towerdesk.channels.contract import Incoming, Remote

MEDIA = {
    "audio": ("audio.mp3", "audio/mpeg"),
    "voice": ("voice.ogg", "audio/ogg"),
    "video": ("video.mp4", "video/mp4"),
    "video_note": ("video.mp4", "video/mp4"),
    "animation": ("animation.mp4", "video/mp4"),
    "document": ("file", "application/octet-stream"),
}
"""Kind → name and type of a file that does not say its own. An animation comes as a document, too: the first one counts."""
GROUP = "It was written in a group, and this inbox takes only what is written to the bot alone."
KINDS = {
    "channel_post": "It is a post in a Telegram channel.",
    "edited_channel_post": "It is a changed post in a Telegram channel.",
    "my_chat_member": "Somebody started, stopped or blocked the bot.",
    "inline_query": "It is a search by the bot's name in another chat.",
}
MAP = "https://www.openstreetmap.org/search?query="
START = "Somebody started the bot and has not written yet."


def read(content: bytes, *, groups: bool = False) -> Incoming:
    """Never raises, whatever the bytes are. `groups`: what is written in groups becomes tickets, too."""
    try:
        return _read(json.loads(content), groups)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError, OSError) as error:
        return _unknown(f"It is not as Telegram's updates are ({type(error).__name__}).")


def _read(update: dict[str, Any], groups: bool) -> Incoming:
    if message := update.get("message"):
        return _message(message, groups)
    if edited := update.get("edited_message"):
        return _edited(edited, groups, update["update_id"])
    if pressed := update.get("callback_query"):
        return _pressed(pressed, groups)
    kind = next((name for name in update if name != "update_id"), "nothing")
    return _unknown(KINDS.get(kind, f"It is a kind of update that the desk does not take: {kind}."))


def _message(message: dict[str, Any], groups: bool) -> Incoming:
    against = _against(message, groups)
    if against:
        return _from(message, happening="unknown", said=against)
    text, remote = _words(message), _files(message)
    if not text and not remote:
        kinds = ", ".join(name for name in message if name not in ("message_id", "from", "chat", "date"))
        return _from(message, happening="unknown", said=f"It is a notice of Telegram's, not a message: {kinds}.")
    return _from(message, text=text, visible=text, remote=remote, at=_at(message["date"], message["message_id"]))


def _edited(message: dict[str, Any], groups: bool, update: int) -> Incoming:
    """A file that was exchanged is not fetched anew: what the first message carried stays."""
    against = _against(message, groups)
    if against:
        return _from(message, happening="unknown", said=against)
    text, at = _words(message), _at(message["edit_date"], update)
    if not text and not _files(message):
        return _from(message, happening="unknown", said="Something of a message changed that is not its words.")
    edit = _from(message, happening="edit", text=text, visible=text, at=at)
    edit.about, edit.external_id = edit.external_id, ""
    return edit


def _pressed(query: dict[str, Any], groups: bool) -> Incoming:
    """A button beneath a message: it says what is written on it."""
    message = query.get("message")
    if not message:
        return _unknown("It is a button beneath a message that was not sent by the bot.")
    said = {**message, "from": query["from"]}
    against = _against(said, groups)
    if against:
        return _from(said, happening="unknown", said=against)
    text = _label(message, str(query.get("data", ""))) or "pressed a button"
    pressed = _from(said, text=text, visible=text)
    pressed.external_id = f"callback:{query['id']}"
    return pressed


def _label(message: dict[str, Any], data: str) -> str:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return next((str(one["text"]) for row in rows for one in row if one.get("callback_data") == data), data)


def _against(message: dict[str, Any], groups: bool) -> str:
    """Why this is not taken as a message; a sentence, or nothing."""
    kind, who = message["chat"].get("type", "private"), message.get("from") or {}
    if who.get("is_bot") and not message.get("sender_chat"):
        return "A bot wrote it."
    if kind == "channel":
        return KINDS["channel_post"]
    if kind != "private" and not groups:
        return GROUP
    return START if str(message.get("text", "")).strip() == "/start" else ""


def _from(message: dict[str, Any], **more: Any) -> Incoming:
    """Whose it is and where: ids of Telegram's own, which it vouches for. A name is only what somebody calls themselves."""
    chat, who = message["chat"], message.get("sender_chat") or message.get("from") or message["chat"]
    name = " ".join(str(who[part]) for part in ("first_name", "last_name") if who.get(part))
    topic = f":{message['message_thread_id']}" if message.get("is_topic_message") else ""
    answered = (message.get("reply_to_message") or {}).get("message_id")
    return Incoming(
        sender=str(who["id"]),
        identity="telegram",
        sender_name=name or str(who.get("title") or who.get("username") or ""),
        conversation=f"{chat['id']}{topic}",
        external_id=f"{chat['id']}:{message['message_id']}",
        answers=[f"{chat['id']}:{answered}"] if answered else [],
        trust={"verified": True, "sentence": "signed for by Telegram"},
        **more,
    )


def _words(message: dict[str, Any]) -> str:
    if message.get("text") or message.get("caption"):
        return str(message.get("text") or message["caption"])
    if sticker := message.get("sticker"):
        return f"{sticker.get('emoji', '')} (a sticker)".strip()
    if contact := message.get("contact"):
        name = " ".join(str(contact[part]) for part in ("first_name", "last_name") if contact.get(part))
        return f"Contact: {name}, {contact.get('phone_number', '')}"
    if place := message.get("location"):
        where = f"{place['latitude']}, {place['longitude']}"
        named = [str(venue["title"])] if (venue := message.get("venue")) else []
        return f"Place: {', '.join([*named, where])}\n{MAP}{where.replace(' ', '')}"
    return ""


def _files(message: dict[str, Any]) -> list[Remote]:
    if photos := message.get("photo"):
        best = max(photos, key=lambda one: (one.get("width", 0) * one.get("height", 0), one.get("file_size", 0)))
        return [_remote(best, "photo.jpg", "image/jpeg")]
    kind = next((name for name in MEDIA if message.get(name)), "")
    return [_remote(message[kind], *MEDIA[kind])] if kind else []


def _remote(file: dict[str, Any], name: str, type_: str) -> Remote:
    size = file.get("file_size")
    return Remote(
        str(file["file_id"]),
        str(file.get("file_name") or name),
        str(file.get("mime_type") or type_),
        size if isinstance(size, int) else 0,
    )


def _at(seconds: int, order: int) -> datetime:
    """Telegram knows whole seconds only; its numbers tell what came first within one."""
    return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=order % 1_000_000)


def _unknown(said: str) -> Incoming:
    return Incoming(identity="telegram", happening="unknown", said=said)
