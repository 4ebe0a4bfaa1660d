"""What was said, from the three shapes in which programs write it down: WebVTT, JSON as Whisper's, plain text."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from towerdesk.channels.talk import Turn

LISTS = ("segments", "utterances", "turns", "results", "transcript")
SPEAKERS = ("speaker", "speaker_label", "speaker_name", "channel", "name")
LABEL = re.compile(
    r"^\s*(?:\[?(?P<at>\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?)\]?\s*[-–]?\s*)?"
    r"(?:(?P<who>[^\W\d_][\w .'’()-]{0,39}?):\s+)?(?P<text>\S.*)$"
)
"""A line such as `[00:01:04] Ana Reyes: It drips`; time and name may be missing."""
MOST = 20_000  # pieces
LONGEST = 1200  # characters of a turn: a monologue is cut where a sentence ends


def turns_in(content: str) -> list[Turn]:
    """Never raises; empty when nothing is said in it. What one speaker says in a row is one turn."""
    text = content.lstrip("\ufeff").strip()
    pieces = _vtt(text) if text.startswith("WEBVTT") else _json(text) if text[:1] in ("{", "[") else None
    return _joined(_plain(text) if pieces is None else pieces)


def turns_of(told: Any) -> list[Turn]:
    """Of JSON that is read already: an object with segments, or a list of them."""
    return _joined(_segments(told) or [])


def _vtt(text: str) -> list[Turn] | None:
    try:
        captions = webvtt.from_string(text)
    except (MalformedFileError, MalformedCaptionError, ValueError):
        return None
    return [
        Turn(
            html.unescape(caption.text).replace("\n", " "),
            html.unescape(caption.voice or ""),
            float(caption.start_in_seconds),
            float(caption.end_in_seconds),
        )
        for caption in captions[:MOST]
    ]


def _json(text: str) -> list[Turn] | None:
    """None for what is no JSON, such as text that begins with a time in brackets."""
    try:
        return _segments(json.loads(text)) or []
    except (ValueError, RecursionError):
        return None


def _segments(told: Any) -> list[Turn] | None:
    if isinstance(told, dict):
        named = next((told[name] for name in LISTS if isinstance(told.get(name), list)), None)
        if named is None:
            return [Turn(told["text"])] if isinstance(told.get("text"), str) else None
        told = named
    if not isinstance(told, list):
        return None
    return [_segment(one) for one in told[:MOST] if isinstance(one, dict) and isinstance(one.get("text"), str)]


def _segment(one: dict[str, Any]) -> Turn:
    who = next((one[name] for name in SPEAKERS if isinstance(one.get(name), str | int)), "")
    return Turn(one["text"], str(who), _seconds(one.get("start")), _seconds(one.get("end")))


def _seconds(value: Any) -> float:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 10**6
    return float(value) if fits else 0.0


def _plain(text: str) -> list[Turn]:
    """Names count when at least two lines have one: a colon alone makes no speaker."""
    found = [match for line in text.splitlines()[:MOST] if (match := LABEL.match(line))]
    named = sum(match["who"] is not None for match in found) > 1
    if not named:
        return [Turn(match["text"] if match["who"] is None else f"{match['who']}: {match['text']}") for match in found]
    made: list[Turn] = []
    for match in found:
        who = match["who"] or (made[-1].speaker if made else "")
        start = _clock(match["at"]) if match["at"] else (made[-1].start if made else 0.0)
        made.append(Turn(match["text"], who, start, start))
    return made


def _clock(at: str | None) -> float:
    """01:04 or 1:02:03 in seconds."""
    seconds = 0.0
    for part in (at or "0").replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def _joined(pieces: Iterable[Turn]) -> list[Turn]:
    made: list[Turn] = []
    for piece in _cleaned(pieces):
        last = made[-1] if made else None
        if last and last.speaker == piece.speaker and len(last.text) + len(piece.text) < LONGEST:
            made[-1] = Turn(f"{last.text} {piece.text}", last.speaker, last.start, max(last.end, piece.end))
        else:
            made.append(piece)
    return made


def _cleaned(pieces: Iterable[Turn]) -> Iterator[Turn]:
    for piece in pieces:
        text = " ".join(piece.text.split())
        if text:
            yield Turn(text, _name(piece.speaker), piece.start, piece.end)


def _name(label: str) -> str:
    """SPEAKER_00 → Speaker 1, as people count."""
    label = " ".join(label.split())[:80]
    number = re.fullmatch(r"(?i)speaker[_ ]?(\d{1,3})", label) or re.fullmatch(r"(\d{1,2})", label)
    return f"Speaker {int(number[1]) + 1}" if number and not label.lower().startswith("speaker ") else label
