"""What people write in public on a page: comments on its posts, and posts of their own (the webhook field `feed`)."""

from typing import Any

from towerdesk.channels.contract import Incoming, Remote
from towerdesk.channels.meta.read import IN_PUBLIC, Json, Talk, moment

POSTS = ("status", "post", "photo", "video", "share", "link")
VERBS = {"hide": "hidden", "unhide": "shown again"}
FIELDS = {"ratings": "Somebody recommends the page, or does not"}


def change(talk: Talk, piece: Json, told: Json) -> Incoming:
    value = told.get("value") if isinstance(told, dict) else None
    if not isinstance(value, dict) or told.get("field") != "feed":
        field = told.get("field") if isinstance(told, dict) else told
        return talk.unknown(f"{FIELDS.get(str(field), 'It tells of a change of the page')}: {field}.")
    item, verb = str(value.get("item")), str(value.get("verb"))
    if item in ("reaction", "like"):
        return _reaction(talk, piece, value, verb)
    if item == "comment":
        return _comment(talk, piece, value, verb)
    return _post(talk, piece, value, verb) if item in POSTS else talk.unknown(f"It tells of the page: {item}, {verb}.")


def _comment(talk: Talk, piece: Json, value: Json, verb: str) -> Incoming:
    named = str(value["comment_id"])
    said = _said(talk, piece, value, named, _thread(value, named))
    return _by_verb(talk, piece, said, verb, "comment")


def _post(talk: Talk, piece: Json, value: Json, verb: str) -> Incoming:
    named = str(value["post_id"])
    if _is_ours(piece, value):
        return talk.unknown(f"It is a post of our own ({verb}).")
    return _by_verb(talk, piece, _said(talk, piece, value, named, named), verb, "post")


def _by_verb(talk: Talk, piece: Json, said: Incoming, verb: str, what: str) -> Incoming:
    """An edit and a deletion are dated by when they were told of: the value says only when the comment was written."""
    if verb == "add":
        if not said.text and not said.remote:
            return talk.unknown(f"It is a {what} without any words.")
        return said
    if verb not in ("edited", "edit", "remove") or said.happening == "echo":
        how = VERBS.get(verb, verb)
        return talk.unknown(f"A {what} was {how}{' by us' if said.happening == 'echo' else ''}.")
    said.about, said.external_id, said.remote = said.external_id, "", []
    said.happening, said.at = "deletion" if verb == "remove" else "edit", moment(piece.get("time"))
    return said


def _reaction(talk: Talk, piece: Json, value: Json, verb: str) -> Incoming:
    sign = str(value.get("reaction_type") or "like")
    if not value.get("comment_id"):
        return talk.unknown(f"Somebody reacted to a post: {sign}, {verb}.")
    said = _said(talk, piece, value, "", "")
    said.happening, said.about = "reaction", str(value["comment_id"])
    said.said, said.at = sign if verb == "add" else "took the sign back", moment(piece.get("time"))
    return said


def _said(talk: Talk, piece: Json, value: Json, named: str, thread: str) -> Incoming:
    """Whoever hides behind their settings has no id, and is a person of their own each time."""
    ours = _is_ours(piece, value)
    who = value.get("from") or {}
    text = str(value.get("message") or "")
    link = _link(value)
    trust = {"verified": True, "sentence": f"signed for by {talk.who}", **({"link": link} if link else {})}
    return Incoming(
        sender="" if ours else str(who.get("id") or f"comment:{named}"),
        identity=talk.identity,
        sender_name="" if ours else str(who.get("name") or "Somebody on Facebook"),
        happening="echo" if ours else "message",
        conversation=f"{IN_PUBLIC}{thread}" if thread else "",
        external_id=named,
        text=text,
        visible=text,
        remote=_pictures(value),
        at=moment(value.get("created_time")),
        trust=trust,
    )


def _thread(value: Json, named: str) -> str:
    """The comment that this one is under, or itself: answers to comments stand beneath the same one."""
    parent, post = str(value.get("parent_id") or ""), str(value.get("post_id") or "")
    return named if not parent or parent == post else parent


def _is_ours(piece: Json, value: Json) -> bool:
    return bool(piece.get("page")) and str((value.get("from") or {}).get("id")) == str(piece["page"])


def _pictures(value: Json) -> list[Remote]:
    named = [("photo", value.get("photo")), ("video", value.get("video"))]
    return [Remote(str(url), name, "") for name, url in named if isinstance(url, str) and url.startswith("http")]


def _link(value: Json) -> str:
    given: Any = (value.get("post") or {}).get("permalink_url") or value.get("permalink_url") or ""
    return str(given) if str(given).startswith(("https://", "http://")) else ""
