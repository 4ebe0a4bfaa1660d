"""A recording or a transcript as a message: a JSON object, or the bare transcript or sound that a file holds."""

import base64
import binascii
import json
import mimetypes
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from towerdesk.channels.contract import File, Incoming, Remote
from towerdesk.channels.fetched import Fetched
from towerdesk.channels.talk import Talk, Turn
from towerdesk.channels.transcripts import turns_in, turns_of
from towerdesk.channels.voice.read import AUTO
from towerdesk.channels.webhook.read import moment, words
from towerdesk.lib.errors import Invalid
from towerdesk.lib.phone import e164

NOTHING = "There is neither a recording nor a transcript in it."
SUBJECT = "Recording"
OURS = ("transcript", "audio", "about", "id")
"""What makes a JSON object one of ours, and no transcript itself."""
SOUND = "audio/mpeg"


def read(content: bytes, envelope: Mapping[str, Any], delivery: str) -> Incoming:
    """Never raises. `delivery` is the webhook's own id, empty of a file."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict) and any(name in told for name in OURS) and "segments" not in told:
        return _told(told, delivery)
    return _bare(content, PurePath(str(envelope.get("path", ""))).name, delivery)


def _told(told: dict[str, Any], delivery: str) -> Incoming:
    talk = Talk("recorded", seconds=_seconds(told), turns=_turns(told.get("transcript")))
    files, remote = _sounds(told.get("audio"))
    if not (talk.turns or files or remote):
        return _unknown(NOTHING)
    if told.get("about"):
        return Incoming(
            identity="recording",
            happening="call",
            about=words(told["about"])[:200],
            talk=talk,
            files=files,
            remote=remote,
        )
    id_ = words(told.get("id")) or delivery
    sender, kind = _who(words(told.get("sender")).strip())
    text = in_words(talk.turns)
    return Incoming(
        sender=sender,
        identity=kind,
        sender_name=words(told.get("sender_name")),
        subject=words(told.get("subject")) or SUBJECT,
        conversation=(words(told.get("conversation")) or id_)[:200],
        external_id=id_,
        at=moment(told.get("at")),
        talk=talk,
        text=text,
        visible=text,
        files=files,
        remote=remote,
        auto=AUTO,
        trust={"verified": kind != "email", "sentence": "said by a program that signed it"},
    )


def _bare(content: bytes, name: str, delivery: str) -> Incoming:
    type_ = mimetypes.guess_type(name)[0] or ""
    if type_.startswith("audio/"):
        files: Sequence[File] = [Fetched(name, type_, content)]
        return Incoming(identity="recording", subject=name, talk=Talk("recorded"), files=files, auto=AUTO)
    turns = turns_in(content.decode("utf-8", "replace")) if b"\0" not in content else []
    if not turns:
        return _unknown(NOTHING)
    text, seconds = in_words(turns), int(turns[-1].end)
    return Incoming(
        identity="recording",
        subject=name or SUBJECT,
        conversation=delivery[:200],
        external_id=delivery,
        talk=Talk("recorded", seconds=seconds, turns=turns),
        text=text,
        visible=text,
        auto=AUTO,
    )


def in_words(turns: Sequence[Turn]) -> str:
    return "\n".join(f"{turn.speaker}: {turn.text}" if turn.speaker else turn.text for turn in turns)


def _turns(transcript: Any) -> list[Turn]:
    return turns_in(transcript) if isinstance(transcript, str) else turns_of(transcript)


def _sounds(audio: Any) -> tuple[list[File], list[Remote]]:
    """Given with it, or where it lies."""
    if not isinstance(audio, dict):
        return [], []
    url = words(audio.get("url"))
    name = words(audio.get("name")) or PurePath(url.partition("?")[0]).name or "recording.mp3"
    type_ = words(audio.get("type")) or mimetypes.guess_type(name)[0] or SOUND
    if url:
        return [], [Remote(url, name, type_)]
    try:
        content = base64.b64decode(words(audio.get("content")), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    return ([Fetched(name, type_, content)] if content else []), []


def _who(sender: str) -> tuple[str, str]:
    """A mail address, a number, or a word of the program's own."""
    if "@" in sender and " " not in sender:
        return sender.lower(), "email"
    try:
        return e164(sender), "phone"
    except Invalid:
        return sender, "recording"


def _seconds(told: Mapping[str, Any]) -> int:
    value = told.get("seconds")
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10**6 else 0


def _unknown(said: str) -> Incoming:
    return Incoming(identity="recording", happening="unknown", said=said)
