"""What Twilio posts of telephone calls, and what a caller hears."""

from typing import Any
from xml.etree import ElementTree as ET

from towerdesk.channels.contract import Account
from towerdesk.channels.fake_server import ServedStory
from towerdesk.channels.twilio.fake import HOME, NUMBER, SID, TOKEN, FakeTwilio, post

CALLER = "+4930901820"
HERE = {"AccountSid": SID, "To": NUMBER, "Called": NUMBER, "ApiVersion": "2010-04-01", "Direction": "inbound"}
PLACE = {"FromCity": "BERLIN", "FromState": "", "FromZip": "", "FromCountry": "DE", "CallerCountry": "DE"}


def ringing(call: str, *, sender: str = CALLER, **more: str) -> dict[str, str]:
    return {**HERE, **PLACE, "CallSid": call, "CallStatus": "ringing", "From": sender, "Caller": sender, **more}


def dialled(call: str, how: str, seconds: int = 0) -> dict[str, str]:
    told = {**HERE, "CallSid": call, "CallStatus": "in-progress", "From": CALLER, "DialCallStatus": how}
    return {**told, "DialCallSid": f"{call}child", "DialCallDuration": f"{seconds}"} if seconds else told


def recorded(call: str, seconds: int) -> dict[str, str]:
    """The action of `<Record>`: the caller is done."""
    told = {**HERE, "CallSid": call, "CallStatus": "in-progress", "From": CALLER, "Digits": "hangup"}
    return {**told, "RecordingSid": f"RE{call}", "RecordingUrl": f"{HOME}/RE{call}", "RecordingDuration": f"{seconds}"}


def recording(call: str, server: str, seconds: int, how: str = "completed") -> dict[str, str]:
    """Its file is ready; who called is not said here."""
    url = f"{server}{HOME}/Recordings/RE{call}"
    return {
        "AccountSid": SID, "CallSid": call, "RecordingSid": f"RE{call}", "RecordingUrl": url, "RecordingStatus": how,
        "RecordingDuration": f"{seconds}", "RecordingChannels": "1", "RecordingSource": "RecordVerb", "ErrorCode": "0",
        "RecordingStartTime": "Fri, 27 Nov 2026 08:41:12 +0000",
    }  # fmt: skip


def transcription(call: str, text: str, how: str = "completed") -> dict[str, str]:
    told = {**HERE, "CallSid": call, "CallStatus": "in-progress", "From": CALLER, "Caller": CALLER, **PLACE}
    more = {"TranscriptionSid": f"TR{call}", "TranscriptionStatus": how, "TranscriptionType": "fast"}
    return {**told, **more, "TranscriptionText": text, "RecordingSid": f"RE{call}", "RecordingUrl": f"{HOME}/RE{call}"}


def over(call: str, how: str = "completed", seconds: int = 31, **more: str) -> dict[str, str]:
    told = {**HERE, "CallSid": call, "CallStatus": how, "From": CALLER, "Caller": CALLER, "SequenceNumber": "0"}
    when = {"Timestamp": "Fri, 27 Nov 2026 08:42:03 +0000", "CallbackSource": "call-progress-events"}
    return {**told, **when, "Duration": "1", "CallDuration": f"{seconds}", **more}


def ours(call: str, how: str, **more: str) -> dict[str, str]:
    """Of a call that we asked for: somebody of ours was rung, and `From` is the desk's number."""
    return over(call, how, 0, **{"Direction": "outbound-api", "From": NUMBER, "To": "+4930111111", **more})


def verbs(answer: bytes) -> list[str]:
    """What the caller is led through."""
    return [verb.tag for verb in ET.fromstring(answer)]  # noqa: S314 - our own answer


def spoken(answer: bytes) -> str:
    return " ".join(said.text or "" for said in ET.fromstring(answer).iter("Say"))  # noqa: S314 - our own answer


class Story(ServedStory[FakeTwilio]):
    """See `testing.stories.Story`. One person calls twice: a voicemail, then nobody takes the call."""

    def __init__(self) -> None:
        super().__init__(FakeTwilio())

    @property
    def values(self) -> dict[str, str]:
        return {"sid": SID, "token": TOKEN, "number": NUMBER, "texts": NUMBER, "server": self.server.url}

    def calls(self, account: Account, ours: str) -> list[tuple[bytes, dict[str, str], str]]:
        self.server.media["RECA1.mp3"] = b"ID3 my grinder is loud"
        told: list[tuple[str, dict[str, Any]]] = [
            ("", ringing("CA1")),
            ("?on=recording", recording("CA1", self.server.url, 12)),
            ("?on=transcription", transcription("CA1", "My grinder is loud. Please call me back.")),
            ("", over("CA1")),
            ("", ringing("CA2")),
            ("", over("CA2", "no-answer", 0)),
            ("", {"MessageSid": ours, "MessageStatus": "delivered"}),
            ("", {"MessageSid": "SMa", "SmsStatus": "received", "From": CALLER, "Body": "Hello"}),
        ]
        return [(*post(account.hook + on, account.get("token"), **fields), on) for on, fields in told]
