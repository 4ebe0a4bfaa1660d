"""A site on loopback whose feed is asked for: it knows what it has said already, and may take answers."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from towerdesk.channels.contract import Account
from towerdesk.channels.fake_server import Asked, FakeServer, Says, ServedStory, says

HEADER = "Authorization: Bearer feed-fake"


class FakeSite(FakeServer):
    """`document` is what it shows at /feed; /old has moved there, /open asks for no header; `answers` is what it took."""

    def __init__(self, header: str = "") -> None:
        super().__init__()
        self.document = as_json([])
        self.header = header.partition(": ")[2]
        self.answers: list[tuple[str, dict[str, Any]]] = []

    def respond(self, asked: Asked) -> Says:
        if asked.path == "/old":
            return Says(301, headers={"Location": "/feed"})
        if self.header and asked.headers.get("authorization") != self.header:
            return Says(401)
        if asked.method == "POST":
            self.answers.append((asked.path, asked.json()))
            return says({"id": len(self.answers)}, 201)
        tag = f'"{hashlib.sha256(self.document).hexdigest()[:16]}"'
        if asked.headers.get("if-none-match") == tag:
            return Says(304)
        return Says(200, self.document, {"ETag": tag, "Last-Modified": "Fri, 27 Nov 2026 08:00:00 GMT"})


def entry(named: str, text: str, *, at: float, changed: float = 0, **more: Any) -> dict[str, Any]:
    """A review as JSON Feed has it, unless more is said."""
    dates = {"date_published": stamp(at)} | ({"date_modified": stamp(changed)} if changed else {})
    link = f"https://reviews.example/{named}"
    return {"id": named, "content_text": text, "url": link, "authors": [{"name": "Mara"}], **dates, **more}


def as_json(entries: Sequence[dict[str, Any]]) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "R", "items": list(entries)}).encode()


def as_atom(entries: Sequence[dict[str, Any]]) -> bytes:
    """With ratings as Apple's reviews have them."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:im="http://itunes.apple.com/rss"><title>R</title>{"".join(map(_atom, entries))}
</feed>""".encode()


def _atom(one: dict[str, Any]) -> str:
    rating = f"<im:rating>{one['rating']}</im:rating>" if one.get("rating") else ""
    return f"""
<entry><id>{one["id"]}</id><title>{escape(one.get("title", ""))}</title><link href="{one["url"]}"/>
<published>{one["date_published"]}</published><updated>{one.get("date_modified") or one["date_published"]}</updated>
<author><name>{one["authors"][0]["name"]}</name></author>{rating}
<content type="html">{escape(one["content_text"])}</content></entry>"""


def stamp(at: float) -> str:
    return datetime.fromtimestamp(int(at), UTC).isoformat()


class Story(ServedStory[FakeSite]):
    """See `testing.stories.Story` and `Shown`."""

    def __init__(self) -> None:
        super().__init__(FakeSite())

    @property
    def values(self) -> dict[str, str]:
        return {"address": f"{self.server.url}/feed", "first": "5", "reply": f"{self.server.url}/{{id}}/replies"}

    def shows(self, body: bytes) -> None:
        self.server.document = body

    def calls(self, account: Account, ours: str) -> list[tuple[bytes, dict[str, str]]]:
        """A window that slides, with entries that are changed; an old one may be shown after a newer."""
        at = self.at
        loud = entry("r1", "My grinder is loud", at=at, rating=2)
        drips = entry("r2", "It drpis", at=at + 5)
        again = [
            entry("r2", text, at=at + 5, changed=at + more) for text, more in (("It drips", 9), ("It <b>drips</b>", 12))
        ]
        good = entry("r3", "All good", at=at + 20, rating=5)
        better = entry("r3", "All good, thanks", at=at + 20, changed=at + 30, rating=5)
        shown = [[loud], [drips, loud], [again[0], loud], [good, again[1], loud], [better, again[1]], [better]]
        return [(as_atom(one), {}) for one in shown]
