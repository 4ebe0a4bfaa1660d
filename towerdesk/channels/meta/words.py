"""What a message of Messenger's or Instagram's kinds says, as text that people can read, and the files that it names."""

from collections.abc import Callable
from typing import Any

from towerdesk.channels.contract import Remote

type Json = dict[str, Any]

MEDIA = {"image": "photo", "video": "video", "audio": "audio", "file": "file"}
STORIES = {"story_mention": "[They mention us in their story]"}
FETCHED = (*MEDIA, *STORIES)
SHARED = ("share", "fallback", "template", "post", "reel", "ig_reel", "ig_post")
MAP = "https://www.openstreetmap.org/search?query="
MOST_FILES = 10


def words(message: Json, who: str) -> str:
    """Empty for a file that says nothing."""
    said = [str(message.get("text") or ""), *(_attached(one, who) for one in attachments(message))]
    if message.get("is_unsupported"):
        said.append(_unknown("it says no more", who))
    return "\n".join(part for part in (*said, _whence(message)) if part)


def files(message: Json) -> list[Remote]:
    """Pictures, films, sounds and documents; and the story that a message answers or that mentions us."""
    named = [(MEDIA.get(kind) or "story", _url(one)) for one in attachments(message) if (kind := _kind(one)) in FETCHED]
    story = ((message.get("reply_to") or {}).get("story") or {}).get("url")
    named += [("story", str(story))] if story else []
    return [Remote(url, name, "") for name, url in named[:MOST_FILES] if url]


def attachments(message: Json) -> list[Json]:
    found = message.get("attachments")
    if isinstance(found, dict):  # Instagram has been seen to send one that is not in a list
        found = [found]
    return [one for one in found or [] if isinstance(one, dict)]


def _attached(one: Json, who: str) -> str:
    kind = _kind(one)
    if kind in MEDIA:
        return "(a sticker)" if (one.get("payload") or {}).get("sticker_id") else ""
    if kind in STORIES:
        return STORIES[kind]
    return OTHERS[kind](one) if kind in OTHERS else _unknown(kind, who)


def _location(one: Json) -> str:
    place = (one.get("payload") or {}).get("coordinates") or {}
    where = f"{place.get('lat')}, {place.get('long')}"
    named = f"{one['title']}, " if one.get("title") else ""
    return f"Place: {named}{where}\n{MAP}{where.replace(' ', '')}"


def _shared(one: Json) -> str:
    payload = one.get("payload") or {}
    parts = [str(part) for part in (one.get("title") or payload.get("title"), _url(one)) if part]
    return f"[They pass on: {', '.join(parts) or 'something'}]"


OTHERS: dict[str, Callable[[Json], str]] = {"location": _location, **dict.fromkeys(SHARED, _shared)}


def _whence(message: Json) -> str:
    told = []
    if (message.get("reply_to") or {}).get("story"):
        told.append("[They answer a story of ours]")
    if came := came_by(message.get("referral")):
        told.append(came)
    return "\n".join(told)


def came_by(referral: Any) -> str:
    """A link to the talk, an advertisement, or a product of a shop; what it says is made up by whoever put it there."""
    if not isinstance(referral, dict):
        return ""
    ad, product = referral.get("ads_context_data") or {}, referral.get("product") or {}
    parts = [ad.get("ad_title"), product.get("id") and f"product {product['id']}", referral.get("ref")]
    named = ", ".join(str(part) for part in parts if part)
    where = {"ADS": "an advertisement", "SHORTLINK": "a link"}.get(str(referral.get("source")), "another page")
    return f"[They came by {where}: {named}]" if named else f"[They came by {where}]"


def _kind(one: Json) -> str:
    return str(one.get("type") or "of a kind of its own")


def _url(one: Json) -> str:
    return str((one.get("payload") or {}).get("url") or one.get("url") or one.get("URL") or "")


def _unknown(kind: str, who: str) -> str:
    """Somebody wrote, and waits: it is on their ticket, though nobody can say what it was."""
    return f"[They sent something that {who} does not pass on: {kind}]"
