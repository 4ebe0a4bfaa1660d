"""A call or a recording as it lies on the ticket: what became of it, its sound, its turns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from towerdesk.lib.phone import number_words
from towerdesk.tickets.models import Attachment, Call, Message

SOUNDS = {
    "audio/mpeg", "audio/mp3", "audio/wav", "audio/x-wav", "audio/wave", "audio/ogg", "audio/opus", "audio/mp4",
    "audio/x-m4a", "audio/aac", "audio/webm", "audio/flac",
}  # fmt: skip
"""Types that a browser may play inside the page."""
AT_ONCE = 8  # turns; the others are unfolded
WORDS = {
    "ringing": ("rings", "is being made"),
    "unmade": ("ended early", "did not come about"),
    "missed": ("missed", "nobody took it"),
    "busy": ("missed", "the line was busy"),
    "failed": ("missed", "the number could not be reached"),
    "recorded": ("recorded", "recorded"),
    "voicemail": ("voicemail", "voicemail"),
    "answered": ("answered", "answered"),
}
"""Of a call that came in, and of one that we made."""
BAD = ("missed", "unmade", "busy", "failed")


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """`voice` numbers the speakers in the order in which they come; `again`: the same one goes on."""

    speaker: str
    text: str
    voice: int
    again: bool
    at: str  # 1:04; empty when no time is told
    seconds: float


@dataclass(frozen=True, slots=True)
class Spoken:
    words: str
    bad: bool
    length: str
    number: str
    ours: bool
    sounds: tuple[tuple[int, str], ...]  # id and type
    summary: tuple[str, ...]
    first: tuple[SpokenTurn, ...]
    rest: tuple[SpokenTurn, ...]
    trouble: str
    silent: bool  # there is a sound, and nothing says what it says


def spoken(message: Message, call: Call | None, attachments: Sequence[Attachment]) -> Spoken | None:
    if call is None:
        return None
    turns = tuple(_turns(call.turns))
    sounds = tuple((one.pk, one.type) for one in attachments if one.type in SOUNDS)
    cut = AT_ONCE if len(turns) > AT_ONCE + 2 else len(turns)
    return Spoken(
        words=WORDS.get(call.outcome, ("", ""))[message.is_ours],
        bad=call.outcome in BAD,
        length=minutes(call.seconds) if call.seconds else "",
        number=number_words(call.number),
        ours=message.is_ours,
        sounds=sounds,
        summary=tuple(line for line in call.summary.splitlines() if line),
        first=turns[:cut],
        rest=turns[cut:],
        trouble=call.trouble,
        silent=bool(sounds) and not turns and not call.trouble,
    )


def minutes(seconds: float) -> str:
    """0:42, 12:05, 1:02:03."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def _turns(turns: Sequence[dict[str, Any]]) -> list[SpokenTurn]:
    timed, voices = any(turn["end"] for turn in turns), dict[str, int]()
    made: list[SpokenTurn] = []
    for turn in turns:
        voice = voices.setdefault(turn["speaker"], len(voices))
        again = bool(made) and made[-1].voice == voice
        at = minutes(turn["start"]) if timed else ""
        made.append(SpokenTurn(turn["speaker"], turn["text"], voice, again, at, turn["start"]))
    return made
