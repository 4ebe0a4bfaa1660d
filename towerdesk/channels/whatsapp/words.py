"""What a message of each of WhatsApp's kinds says, as text that people can read, and the file that it names."""

import json
import mimetypes
from collections.abc import Callable
from typing import Any

from towerdesk.channels.contract import Remote

MEDIA = ("image", "video", "audio", "document", "sticker")
MAP = "https://www.openstreetmap.org/search?query="
NAMES = {"image": "photo", "video": "video", "audio": "audio", "document": "document", "sticker": "sticker"}
EXTENSIONS = {"image/jpeg": ".jpg", "audio/ogg": ".ogg", "image/webp": ".webp", "audio/amr": ".amr"}
"""Where the usual tables differ between systems."""


def words(message: dict[str, Any]) -> str:
    """Empty for a file that says nothing."""
    kind = str(message.get("type", ""))
    said = SAYS.get(kind, _unknown)(message)
    return "\n".join(part for part in (said, _whence(message)) if part)


def files(message: dict[str, Any]) -> list[Remote]:
    kind = str(message.get("type", ""))
    media = message.get(kind)
    if kind not in MEDIA or not isinstance(media, dict) or not media.get("id"):
        return []
    type_ = str(media.get("mime_type") or "application/octet-stream").partition(";")[0].strip().lower()
    ending = EXTENSIONS.get(type_) or mimetypes.guess_extension(type_) or ""
    return [Remote(str(media["id"]), str(media.get("filename") or f"{NAMES[kind]}{ending}"), type_)]


def _whence(message: dict[str, Any]) -> str:
    context, ad = message.get("context") or {}, message.get("referral") or {}
    if ad:
        named = [str(ad[part]) for part in ("headline", "body", "source_url") if ad.get(part)]
        return f"[They came by an advertisement or a post: {', '.join(named)}]"
    return "[forwarded]" if context.get("forwarded") or context.get("frequently_forwarded") else ""


def _text(message: dict[str, Any]) -> str:
    return str(message["text"]["body"])


def _caption(message: dict[str, Any]) -> str:
    media = message[message["type"]]
    return str(media.get("caption") or ("(a voice message)" if media.get("voice") else ""))


def _sticker(message: dict[str, Any]) -> str:
    return "(a sticker)"


def _location(message: dict[str, Any]) -> str:
    place = message["location"]
    where = f"{place['latitude']}, {place['longitude']}"
    named = [str(place[part]) for part in ("name", "address") if place.get(part)]
    return f"Place: {', '.join([*named, where])}\n{MAP}{where.replace(' ', '')}"


def _contacts(message: dict[str, Any]) -> str:
    return "\n".join(_contact(one) for one in message["contacts"])


def _contact(one: dict[str, Any]) -> str:
    name = (one.get("name") or {}).get("formatted_name") or "somebody"
    phones = [phone.get("phone") or phone.get("wa_id") for phone in one.get("phones") or []]
    mails = [mail.get("email") for mail in one.get("emails") or []]
    return f"Contact: {', '.join(str(part) for part in (name, *phones, *mails) if part)}"


def _order(message: dict[str, Any]) -> str:
    order = message["order"]
    lines = [
        f"{item.get('quantity', 1)} × {item.get('product_retailer_id', '?')}, "
        f"each {item.get('item_price', '?')} {item.get('currency', '')}".rstrip()
        for item in order.get("product_items") or []
    ]
    return "\n".join(["Order:", *lines, *([str(order["text"])] if order.get("text") else [])])


def _button(message: dict[str, Any]) -> str:
    return str(message["button"]["text"])


def _interactive(message: dict[str, Any]) -> str:
    chosen = message.get("interactive")
    if not isinstance(chosen, dict):
        return _unknown(message)
    kind = str(chosen.get("type"))
    said = chosen.get(kind) or {}
    if kind == "nfm_reply":
        return _form(said)
    if kind == "call_permission_reply":
        return f"[They {'allow' if said.get('response') == 'accept' else 'do not allow'} calls by WhatsApp]"
    parts = [str(said[part]) for part in ("title", "description") if said.get(part)]
    return "\n".join(parts) or _unknown(message)


def _form(said: dict[str, Any]) -> str:
    """The answers of a flow. Its token is ours and says nothing to people."""
    try:
        answers = json.loads(said.get("response_json") or "{}")
        lines = [f"{name.replace('_', ' ')}: {answer}" for name, answer in answers.items() if name != "flow_token"]
    except (ValueError, AttributeError):
        lines = [str(said.get("response_json"))]
    return "\n".join(["Form filled in:", *lines])


def _unknown(message: dict[str, Any]) -> str:
    """Somebody wrote, and waits: it is on their ticket, though nobody can say what it was."""
    told = (message.get("errors") or [{}])[0]
    kind = (message.get("unsupported") or {}).get("type") or message.get("type") or "of a kind of its own"
    why = (told.get("error_data") or {}).get("details") or told.get("title") or ""
    return f"[They sent something that WhatsApp does not pass on: {kind}{'. ' + str(why) if why else ''}]"


SAYS: dict[str, Callable[[dict[str, Any]], str]] = {
    "text": _text,
    "image": _caption,
    "video": _caption,
    "audio": _caption,
    "document": _caption,
    "sticker": _sticker,
    "location": _location,
    "contacts": _contacts,
    "order": _order,
    "button": _button,
    "interactive": _interactive,
}
