"""Read one form that Twilio posted about a call. All that is told of one call names the same call SID."""

from collections.abc import Callable, Mapping
from typing import Any

from towerdesk.channels.contract import Incoming, Remote
from towerdesk.channels.talk import Outcome, Talk, Turn
from towerdesk.channels.twilio.signature import form
from towerdesk.channels.twilio.texting import id_of, is_status, status, unknown
from towerdesk.channels.voice.caller import NOBODY, number_of, trust_of
from towerdesk.lib.phone import number_words

GOES_ON = ("queued", "initiated", "ringing", "in-progress")
OVER = ("completed", "busy", "no-answer", "failed", "canceled")
REACHED = ("completed", "answered")
NOT_REACHED: dict[str, Outcome] = {"no-answer": "missed", "canceled": "missed", "busy": "busy", "failed": "failed"}
AUTO = "call"
"""The mark of a message that is no text which anybody wrote: nothing answers it by itself."""
MADE_BY_US = "outbound"
NOT_TRANSCRIBED = "Twilio could not make out what was said."
NOT_RECORDED = "Twilio could not record it."


def read(content: bytes, envelope: Mapping[str, Any]) -> Incoming:
    try:
        said = dict(form(content))
    except ValueError:
        return unknown("It is no form as Twilio posts them.")
    if is_status(said):
        return status(said, part=bool(envelope.get("part")))
    if not said.get("CallSid"):
        what = "It is a text message: this inbox takes calls." if id_of(said) else "It is about no call."
        return unknown(what)
    on = str(envelope.get("on", ""))
    return READS[on](said) if on in READS else unknown("It is of a kind that the desk did not ask for.")


def _comes_in(said: Mapping[str, str]) -> Incoming:
    how = said.get("CallStatus", "").lower()
    if how in OVER:
        return _over(said)
    if how not in GOES_ON:
        return unknown(f"It tells of a call that is {how or 'in no state'}.")
    if said.get("Direction", "inbound").startswith(MADE_BY_US):
        return _about(said)
    number = number_of(said)
    trust, failing = trust_of(said)
    words = f"Call from {number_words(number)}" if number else "Call from a withheld number"
    where = ", ".join(said[name] for name in ("FromCity", "FromCountry") if said.get(name))
    text = f"{words} ({where})" if where and number else words
    return Incoming(
        sender=number,
        identity="phone",
        sender_name=said.get("CallerName", "") or ("" if number else NOBODY),
        subject=words,
        conversation=said["CallSid"],
        external_id=said["CallSid"],
        resumes=bool(number),
        talk=Talk("ringing", number),
        text=text,
        visible=text,
        auto=AUTO,
        trust=trust if number else {},
        failing=failing,
    )


def _over(said: Mapping[str, str]) -> Incoming:
    """Whoever hung up while the greeting was played was not spoken to; a voicemail or a conversation says more than this."""
    made_by_us = said.get("Direction", "").startswith(MADE_BY_US)
    return _about(said, Talk("unmade" if made_by_us else "missed"))


def _dialled(said: Mapping[str, str]) -> Incoming:
    """One of ours was rung, who took it or not; if not, what follows says what became of it."""
    if said.get("DialCallStatus") in REACHED:
        return _about(said, Talk("answered", seconds=_number(said, "DialCallDuration")))
    return _about(said)


def _recorded(said: Mapping[str, str]) -> Incoming:
    return _about(said, Talk("voicemail", seconds=_number(said, "RecordingDuration")))


def _recording(said: Mapping[str, str]) -> Incoming:
    how, url = said.get("RecordingStatus", "completed"), said.get("RecordingUrl", "")
    if how != "completed" or not url:
        return _about(said, said_=NOT_RECORDED if how == "failed" else "")
    seconds = _number(said, "RecordingDuration")
    told = _about(said, Talk("voicemail", seconds=seconds))
    told.remote = [Remote(f"{url}.mp3", "voicemail.mp3", "audio/mpeg")]
    return told


def _transcription(said: Mapping[str, str]) -> Incoming:
    text = said.get("TranscriptionText", "").strip()
    if said.get("TranscriptionStatus") != "completed" or not text:
        return _about(said, said_=NOT_TRANSCRIBED)
    return _about(said, Talk(turns=[Turn(text)]))


def _rung(said: Mapping[str, str]) -> Incoming:
    """The customer was rung."""
    how = said.get("DialCallStatus", "")
    if how in REACHED:
        return _about(said, Talk("answered", seconds=_number(said, "DialCallDuration")))
    return _about(said, Talk(NOT_REACHED.get(how, "")))


def _goes_on(said: Mapping[str, str]) -> Incoming:
    return _about(said)


def _about(said: Mapping[str, str], talk: Talk | None = None, said_: str = "") -> Incoming:
    return Incoming(identity="phone", happening="call", about=said["CallSid"], talk=talk or Talk(), said=said_)


def _number(said: Mapping[str, str], name: str) -> int:
    told = said.get(name, "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 7 else 0


READS: dict[str, Callable[[Mapping[str, str]], Incoming]] = {
    "": _comes_in,
    "dialled": _dialled,
    "recorded": _recorded,
    "recording": _recording,
    "transcription": _transcription,
    "connect": _goes_on,
    "rung": _rung,
    "made": _over,
}
