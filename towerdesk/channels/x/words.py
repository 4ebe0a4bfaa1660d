"""What is said in a post or a direct message: links as they lead, without X's own short ones, and the files it names."""

import html
from typing import Any

from towerdesk.channels.contract import Remote

type Json = dict[str, Any]

MOST_FILES = 10
NAMES = {
    "photo": ("photo.jpg", "image/jpeg"),
    "video": ("video.mp4", "video/mp4"),
    "animated_gif": ("gif.mp4", "video/mp4"),
}


def of_post(post: Json) -> str:
    whole = post.get("extended_tweet") or post
    text = _plain(str(whole.get("full_text") or post.get("text") or ""), whole.get("entities") or {}, _media(post))
    quoted = post.get("quoted_status") or {}
    if not quoted:
        return text
    link = f"https://x.com/i/status/{quoted.get('id_str')}"
    return f"{text}\n[about {link}: {of_post({**quoted, 'quoted_status': None})}]".strip()


def of_direct(data: Json) -> str:
    media = (data.get("attachment") or {}).get("media")
    return _plain(str(data.get("text") or ""), data.get("entities") or {}, [media] if isinstance(media, dict) else [])


def without_names(text: str) -> str:
    """Without the names of those whom a post answers: X puts them before our words by itself."""
    words = text.split(" ")
    while words and words[0].startswith("@"):
        words.pop(0)
    return " ".join(words)


def files_of_post(post: Json) -> list[Remote]:
    return _files(_media(post))


def files_of_direct(data: Json) -> list[Remote]:
    media = (data.get("attachment") or {}).get("media")
    return _files([media] if isinstance(media, dict) else [])


def _media(post: Json) -> list[Json]:
    whole = post.get("extended_tweet") or post
    for where in ("extended_entities", "entities"):
        if found := (whole.get(where) or {}).get("media"):
            return list(found)
    return []


def _files(media: list[Json]) -> list[Remote]:
    return [
        Remote(url, *NAMES.get(str(one.get("type")), ("file", "application/octet-stream")))
        for one in media[:MOST_FILES]
        if (url := _address(one))
    ]


def _address(one: Json) -> str:
    """Of a film that in the best quality."""
    films = [
        film for film in (one.get("video_info") or {}).get("variants") or [] if film.get("content_type") == "video/mp4"
    ]
    if films:
        return str(max(films, key=lambda film: film.get("bitrate") or 0)["url"])
    return str(one.get("media_url_https") or "")


def _plain(text: str, entities: Json, media: list[Json]) -> str:
    """X escapes <, > and & only."""
    for link in entities.get("urls") or []:
        if link.get("url"):
            text = text.replace(str(link["url"]), str(link.get("expanded_url") or link["url"]))
    for one in media:
        if one.get("url"):
            text = text.replace(str(one["url"]), "")
    return html.unescape(text).strip()
