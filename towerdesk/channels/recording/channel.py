"""Recordings and transcripts as a channel: signed as the generic webhook is, told as one shape of JSON."""

from collections.abc import Sequence
from typing import Any

from towerdesk.channels import calling
from towerdesk.channels.contract import Account, Incoming, Lately, Remote, Terms
from towerdesk.channels.doors import Field, Step
from towerdesk.channels.fetched import Fetched
from towerdesk.channels.recording.read import read
from towerdesk.channels.webhook.channel import REPLY_URL, WebhookChannel
from towerdesk.channels.webhook.signing import ID, shown

WHO = "The program"
NO_WAY = "What is typed here goes nowhere: call them, or set under Settings → Inboxes where replies are posted to."
LARGEST = 50 * 2**20  # bytes of a recording
EXAMPLE = (
    '{"id": "r1", "sender": "+4930901820", "subject": "Grinder, second call", "audio": {"url": "https://…/r1.mp3"}, '
    '"transcript": "WEBVTT …"}'
)
LATER = (
    '{"about": "r1", "transcript": {"segments": [{"speaker": "Mara", "start": 0.4, "end": 2.1, "text": "It drips."}]}}'
)


class RecordingChannel(WebhookChannel):
    name = "recording"
    identity = "recording"
    title = "Recordings and transcripts"
    fields: Sequence[Field] = (Field("secret", "Signing secret", secret=True, made=True), REPLY_URL)

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step("Let the program that records POST JSON to this address.", account.hook),
            Step("It signs by Standard Webhooks, for which there are libraries in most languages.", shown(account)),
            Step("A transcript is WebVTT, JSON as Whisper writes it, or text; sound is named, or base64.", EXAMPLE),
            Step("What is ready only later names the recording that it is about.", LATER),
            Step("A file at hand is taken in by the command.", f"towerdesk intake --inbox {account.address} talk.vtt"),
        )

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        return read(content, envelope, str(envelope.get(ID, "")))

    def terms(self, lately: Lately, account: Account) -> Terms:
        return Terms() if account.get("reply_url") else Terms(NO_WAY, closed=True)

    def refuses(self, text: str, lately: Lately, account: Account) -> str:
        return self.terms(lately, account).sentence

    def fetch(self, file: Remote, account: Account) -> Fetched:
        return Fetched(file.name, file.type, calling.fetch(WHO, file.ref, account, most=LARGEST, moves=2).body)
