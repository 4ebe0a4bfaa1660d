"""The entries of a document: RSS and Atom as feedparser reads them, JSON by the paths of a form."""

import calendar
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser

from towerdesk.channels.contract import NotFetched
from towerdesk.channels.doors import Piece
from towerdesk.channels.feed.moments import moment
from towerdesk.channels.feed.said import Said
from towerdesk.channels.listing import Entry
from towerdesk.channels.webhook.read import find, words

type Json = dict[str, Any]

USUAL = {
    "list": "items",
    "id": "id",
    "text": "content_text",
    "title": "title",
    "author": "authors.0.name",
    "author_id": "authors.0.url",
    "rating": "rating",
    "link": "url",
    "date": "date_published",
    "changed": "date_modified",
}
"""What is looked for in JSON, and where unless the inbox says otherwise: as JSON Feed 1.1 has it (jsonfeed.org)."""
MOST = 500
"""Entries of one document that are looked at."""
EDIT = {"edit": "1"}


def entries(body: bytes, paths: Mapping[str, str]) -> list[Entry]:
    """Raises `NotFetched` for what is no feed."""
    ours = list(_of_json(body, paths) if body.lstrip()[:1] in (b"{", b"[") else _of_xml(body))
    return [_entry(said, content) for said, content in ours[:MOST] if said.id]


def said_in(content: bytes, paths: Mapping[str, str]) -> Said:
    """Of one piece. What was JSON is read by the paths as they are now. Raises `ValueError` and its like."""
    told = json.loads(content)
    if "item" in told:
        return _of_item(told["item"], paths)
    xml = told["entry"]
    dates = {name: moment(xml.get(name)) for name in ("at", "changed")}
    return Said(**{**xml, **dates})


def _entry(said: Said, content: bytes) -> Entry:
    """The same entry twice: as a message, and as what it says by now. Whichever version is heard of first, the newest
    stays."""
    pieces = [Piece(content, id=said.id)]
    if said.changed and (said.at is None or said.changed > said.at):
        pieces.append(Piece(content, id=f"{said.id}\0{said.changed.isoformat()}", envelope=EDIT))
    return Entry(said.id, pieces, said.at or said.changed)


def _of_json(body: bytes, paths: Mapping[str, str]) -> Iterator[tuple[Said, bytes]]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise NotFetched("it is no JSON, though it begins like it", later=True) from None
    where = paths.get("list") or ("" if isinstance(told, list) else USUAL["list"])
    found = find(told, where) if where else told
    if not isinstance(found, list):
        raise NotFetched(f"there is no list at the path {where}", later=True)
    for item in found:
        yield _of_item(item, paths), json.dumps({"item": item}, sort_keys=True).encode()


def _of_item(item: Any, paths: Mapping[str, str]) -> Said:
    def at(name: str) -> Any:
        return find(item, paths.get(name) or USUAL[name])

    text = at("text")
    if text is None and not paths.get("text"):
        text = find(item, "content_html")
    texts = {name: words(at(name)) for name in ("id", "title", "author", "author_id", "rating", "link")}
    return Said(**texts, text=words(text), at=moment(at("date")), changed=moment(at("changed")))


def _of_xml(body: bytes) -> Iterator[tuple[Said, bytes]]:
    """From bytes only: feedparser would open an address or a file that it is given as text."""
    told = feedparser.parse(io.BytesIO(body))
    if not told.get("version") and not told.get("entries"):
        raise NotFetched("it is no feed: neither RSS, nor Atom, nor JSON", later=True)
    for entry in told["entries"]:
        said = _of_entry(entry)
        dates = {
            name: value.isoformat() if value else None for name, value in (("at", said.at), ("changed", said.changed))
        }
        plain = {name: getattr(said, name) for name in Said.__slots__}
        yield said, json.dumps({"entry": {**plain, **dates}}, sort_keys=True).encode()


def _of_entry(entry: Json) -> Said:
    """Without an id of its own an entry is known by its link, or by what it says."""
    content = entry.get("content") or [{}]
    author = entry.get("author_detail") or {}
    text = str(content[0].get("value") or entry.get("summary") or "")
    title, link = str(entry.get("title") or ""), str(entry.get("link") or "")
    said = hashlib.sha256(f"{title}\0{text}".encode("utf-8", "replace")).hexdigest()
    published, updated = _date(entry.get("published_parsed")), _date(entry.get("updated_parsed"))
    return Said(
        id=str(entry.get("id") or link or said),
        title=title,
        text=text,
        author=str(author.get("name") or entry.get("author") or ""),
        author_id=str(author.get("href") or ""),
        rating=_rating(entry),
        link=link,
        at=published or updated,
        changed=updated if published else None,
    )


def _rating(entry: Json) -> str:
    """`im:rating` of Apple's reviews, `media:starRating`, and whatever else ends so."""
    star = entry.get("media_starrating") or {}
    if isinstance(star, dict) and star.get("average"):
        return str(star["average"])
    named = (str(value) for name, value in entry.items() if name.endswith("rating") and isinstance(value, str))
    return next((value for value in named if value.strip()), "")


def _date(parsed: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
