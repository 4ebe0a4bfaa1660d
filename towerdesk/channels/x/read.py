"""Read one happening of an account at X. Whatever it does not know is kept as it came, with a sentence."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from towerdesk.channels.contract import Incoming
from towerdesk.channels.x.words import files_of_direct, files_of_post, of_direct, of_post, without_names

type Json = dict[str, Any]

ODD = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, OSError, RecursionError)
DIRECT, PUBLIC = "dm:", "public:"
"""How the key of a conversation begins. What somebody says to us in public is one conversation, wherever they say it."""
EPOCH = 1288834974657
"""Ids hold the time in milliseconds from here on, above 22 other bits."""
NOTICES = {
    "direct_message_indicate_typing_events": "Somebody is typing.",
    "follow_events": "Somebody follows the account, or no longer does.",
    "block_events": "Somebody blocks the account, or no longer does.",
    "mute_events": "Somebody mutes the account, or no longer does.",
    "favorite_events": "The account likes a post.",
    "direct_message_mark_read_events": "One of us read a message at X.",
}
OTHER = "It is about another account that calls this address: its own inbox needs an app of its own."
REVOKED = "The account no longer lets the app act for it: connect the inbox again with new tokens."


def read(content: bytes) -> Incoming:
    """Never raises, whatever the bytes are."""
    try:
        piece = json.loads(content)
        if piece["user"] and piece["for"] and piece["user"] != piece["for"]:
            return _unknown(OTHER)
        return KINDS.get(piece["kind"], _notice)(piece, piece["one"])
    except ODD as error:
        return _unknown(f"It is not as X's calls are ({type(error).__name__}).")


def _direct(piece: Json, event: Json) -> Incoming:
    if event.get("type") != "message_create":
        return _unknown(f"It is a kind of message that the desk does not take: {event.get('type')}.")
    said: Json = event["message_create"]
    data, sender = said["message_data"], str(said["sender_id"])
    ours = sender == piece["for"]
    text, remote = of_direct(data), files_of_direct(data)
    if not text and not remote:
        return _unknown("It is a message without any words or files.")
    incoming = _from(piece, sender, name=_named(piece, sender))
    incoming.happening = "echo" if ours else "message"
    incoming.conversation = f"{DIRECT}{said['target']['recipient_id'] if ours else sender}"
    incoming.external_id = f"{DIRECT}{event['id']}"
    incoming.text = incoming.visible = text
    incoming.remote, incoming.at = remote, _milliseconds(event.get("created_timestamp"))
    return incoming


def _post(piece: Json, post: Json) -> Incoming:
    """An edited post is another one, which names the first."""
    who, named = post["user"], str(post["id_str"])
    sender = str(who["id_str"])
    if post.get("retweeted_status"):
        return _unknown("Somebody passed a post on.")
    if sender == piece["for"]:
        return _own_post(piece, post, named)
    text = of_post(post)
    incoming = _from(piece, sender, name=str(who.get("name") or ""))
    incoming.conversation, incoming.external_id = f"{PUBLIC}{sender}", named
    incoming.text = incoming.visible = text
    incoming.remote, incoming.at = files_of_post(post), _written(post)
    incoming.answers = [str(post["in_reply_to_status_id_str"])] if post.get("in_reply_to_status_id_str") else []
    incoming.trust |= {"link": f"https://x.com/{who.get('screen_name') or 'i'}/status/{named}"}
    first = str((post.get("edit_history") or {}).get("initial_tweet_id") or named)
    if first != named:
        incoming.happening, incoming.about, incoming.external_id, incoming.remote = "edit", first, "", []
    return incoming


def _own_post(piece: Json, post: Json, named: str) -> Incoming:
    """An answer to somebody is an echo. The rest of a long one answers ourselves, and stands beneath it."""
    to = str(post.get("in_reply_to_user_id_str") or "")
    if not to or to == piece["for"]:
        return _unknown("It is a post of our own.")
    text = without_names(of_post(post))
    return Incoming(
        identity="x",
        happening="echo",
        conversation=f"{PUBLIC}{to}",
        external_id=named,
        text=text,
        visible=text,
        remote=files_of_post(post),
        at=_written(post),
    )


def _deleted(piece: Json, told: Json) -> Incoming:
    status = told["status"]
    if str(status["user_id"]) == piece["for"]:
        return _unknown("One of us deleted a post at X.")
    incoming = _from(piece, str(status["user_id"]))
    incoming.happening, incoming.about = "deletion", str(status["id"])
    incoming.at = _milliseconds(told.get("timestamp_ms"))
    return incoming


def _liked(piece: Json, told: Json) -> Incoming:
    post, who = told["favorited_status"], told["user"]
    if str(who["id_str"]) == piece["for"]:
        return _notice(piece, told)
    incoming = _from(piece, str(who["id_str"]), name=str(who.get("name") or ""))
    incoming.happening, incoming.about, incoming.said = "reaction", str(post["id_str"]), "♥"
    incoming.at = _milliseconds(told.get("timestamp_ms"))
    return incoming


def _seen(piece: Json, told: Json) -> Incoming:
    """They read everything up to the message with this id."""
    reader = str(told["sender_id"])
    if reader == piece["for"]:
        return _notice(piece, told)
    at = _milliseconds((int(told["last_read_event_id"]) >> 22) + EPOCH)
    return Incoming(identity="x", happening="status", status="read", conversation=f"{DIRECT}{reader}", at=at)


def _of_user(piece: Json, told: Json) -> Incoming:
    if "revoke" in told:
        return Incoming(identity="x", happening="trouble", said=REVOKED)
    return _unknown(f"It tells of the account: {', '.join(told)}.")


def _notice(piece: Json, told: Any) -> Incoming:
    kind = piece["kind"]
    return _unknown(NOTICES.get(kind, f"It is a kind of event that the desk does not take: {kind}."))


KINDS: dict[str, Callable[[Json, Any], Incoming]] = {
    "direct_message_events": _direct,
    "tweet_create_events": _post,
    "tweet_delete_events": _deleted,
    "favorite_events": _liked,
    "direct_message_mark_read_events": _seen,
    "user_event": _of_user,
}


def _from(piece: Json, sender: str, name: str = "") -> Incoming:
    """X vouches for its number of somebody; names, also those with an @, can be changed and taken over."""
    ours = sender == piece["for"]
    trust = {"verified": True, "sentence": "signed for by X"}
    return Incoming(sender="" if ours else sender, identity="x", sender_name="" if ours else name, trust=trust)


def _named(piece: Json, number: str) -> str:
    return str((piece["users"].get(number) or {}).get("name") or "")


def _written(post: Json) -> datetime | None:
    if post.get("timestamp_ms"):
        return _milliseconds(post["timestamp_ms"])
    try:
        return parsedate_to_datetime(_as_mail(str(post["created_at"])))
    except ODD:
        return None


def _as_mail(said: str) -> str:
    """`Wed Oct 10 20:19:24 +0000 2018` → `Wed, 10 Oct 2018 20:19:24 +0000`."""
    day, month, number, time, zone, year = said.split()
    return f"{day}, {number} {month} {year} {time} {zone}"


def _milliseconds(given: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(given))
    except ODD:
        return None


def _unknown(said: str) -> Incoming:
    return Incoming(identity="x", happening="unknown", said=said)
