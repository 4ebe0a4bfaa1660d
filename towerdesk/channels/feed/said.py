"""One entry of a feed in our words, whatever it was written in; and as the message that it becomes."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from towerdesk.channels.contract import Incoming
from towerdesk.lib.html import from_text, safe, to_text
from towerdesk.lib.text import split_url

TAGS = re.compile(r"<[A-Za-z/!][^>]*>|&#?\w+;")
LONGEST_ID, LONGEST_KEY = 400, 200
BEST = 5.0
MOST = 100_000  # letters of one entry


@dataclass(frozen=True, slots=True)
class Said:
    id: str
    title: str = ""
    text: str = ""  # may hold HTML
    author: str = ""
    author_id: str = ""
    rating: str = ""
    link: str = ""
    at: datetime | None = None
    changed: datetime | None = None


def incoming(said: Said, *, host: str, best: float, edit: bool) -> Incoming:
    """An entry is a conversation of its own. Its writer is known by an id only, never by what they call themselves."""
    text, html = _words(said, best)
    who = f"{host}:{said.author_id}" if said.author_id else f"{host}:entry:{said.id}"
    link = said.link if split_url(said.link).scheme in ("http", "https") else ""
    shown = "\n\n".join(part for part in (text, link) if part)
    return Incoming(
        sender=short(who, LONGEST_KEY),
        identity="feed",
        sender_name=said.author or "Somebody",
        happening="edit" if edit else "message",
        about=short(said.id, LONGEST_ID) if edit else "",
        external_id="" if edit else short(said.id, LONGEST_ID),
        conversation=short(said.id, LONGEST_KEY),
        subject="" if edit else said.title,
        text=shown,
        visible=shown,
        html=f"{html}\n{from_text(link)}" if html else "",
        at=said.changed if edit else said.at,
        trust={"verified": False, "sentence": f"as {host} says", **({"link": link} if link else {})},
    )


def short(text: str, most: int) -> str:
    """Itself, or its digest where it is too long to be told apart by its beginning."""
    return text if len(text) <= most else hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def stars(rating: str, best: float) -> str:
    """`4` → `★★★★☆ (4 of 5)`; what is no number as it stands."""
    try:
        number = float(rating.replace(",", ".").partition("/")[0])
    except ValueError:
        return f"Rating: {rating}"
    full = round(5 * min(max(number, 0.0), best) / best) if best > 0 else 0
    return f"{'★' * full}{'☆' * (5 - full)} ({rating.partition('/')[0].strip()} of {best:g})"


def _words(said: Said, best: float) -> tuple[str, str]:
    """As text, and as safe HTML when there is any in it. An entry that has a title only says that."""
    body = said.text[:MOST]
    marked = bool(TAGS.search(body))
    plain = to_text(body).strip() if marked else body.strip()
    rating = stars(said.rating, best) if said.rating else ""
    text = "\n\n".join(part for part in (rating, plain or said.title) if part)
    return text, f"{from_text(rating)}\n{safe(body)}" if marked and plain else ""
