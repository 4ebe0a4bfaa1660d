"""The telephone as a channel: Twilio's signed forms answered in TwiML, calls made, and replies as text messages."""

import hashlib
from collections.abc import Sequence
from typing import Any

from towerdesk.channels.contract import Account, Incoming, Lately, NotSent, Outgoing, Remote, Sent, Terms
from towerdesk.channels.doors import Call, Field, Heard, Piece, Step
from towerdesk.channels.fetched import Fetched
from towerdesk.channels.talk import Ring
from towerdesk.channels.twilio import api, signature, texting
from towerdesk.channels.voice import twiml
from towerdesk.channels.voice.caller import number_in
from towerdesk.channels.voice.read import read

NO_ACCOUNT = "The account at Twilio is missing: connect the inbox under Settings → Inboxes."
RING = (
    "Whoever calls is called back: use “Call back”. Typed replies leave as text messages once a number for them is "
    "entered under Settings → Inboxes."
)
BY_TEXT = "What is typed here leaves as a text message."
NO_WAY_BACK = "Calls are made only by a desk that Twilio reaches by https: set TOWERDESK_URL."
MARKS = ("CallStatus", "DialCallStatus", "RecordingSid", "RecordingStatus", "TranscriptionSid", "TranscriptionStatus")


class VoiceChannel:
    name = "voice"
    identity = "phone"
    title = "Telephone (Twilio)"
    fields: Sequence[Field] = (
        Field("sid", "Account SID", "Begins with AC; shown on the first page of Twilio's console."),
        Field("token", "Auth token", "Shown there, too: it signs every call and opens the account.", secret=True),
        Field("number", "Number", "The number that is called, and that calls come from: +15550100."),
        Field(
            "agents",
            "Number of ours",
            "Rung within opening hours; none, or “no”: voicemail takes all calls.",
            needed=False,
        ),
        Field("hours", "Opening hours", "Outside of them voicemail takes every call.", needed=False, calendar=True),
        Field("language", "Language spoken", "As Twilio names it, such as de-DE; empty: English.", needed=False),
        Field("greeting", "Greeting", f"Empty: “{twiml.GREETING}”", needed=False),
        Field("closed", "Greeting when closed", f"Empty: “{twiml.CLOSED}”", needed=False),
        Field("consent", "Before the tone: that it is recorded, and why", f"Empty: “{twiml.CONSENT}”", needed=False),
        Field("thanks", "After the message", f"Empty: “{twiml.THANKS}”", needed=False),
        Field("transcribe", "Transcripts by Twilio", "In English, for a fee. Write no to do without.", needed=False),
        Field(
            "texts",
            "Number for text messages",
            "Typed replies leave from it; none, or “no”: they are refused.",
            needed=False,
        ),
        Field("server", "API address", f"Only for another region of Twilio's; empty: {api.SERVER}.", needed=False),
    )

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step("In Twilio's console buy a number that takes calls."),
            Step("Enter account SID, auth token and number here and connect."),
            Step("Open the number → Voice → A call comes in: Webhook, HTTP POST, this address:", account.hook),
            Step("Paste it under “Primary handler fails”, too: Twilio then tries once more.", account.hook),
            Step("And under “Call status changes”: only that tells that a caller has hung up.", account.hook),
            Step("Ask a lawyer whether the sentence before the tone is enough where your callers live."),
            Step("Call the number: the ticket is here while it rings."),
        )

    def introduce(self, account: Account) -> str:
        return f"Connected to the account {api.introduce(account)}. Now follow the steps at Twilio."

    def check(self, call: Call, account: Account) -> None:
        signature.check(call, account)

    def hear(self, call: Call, account: Account) -> Heard:
        """Each call is kept exactly as it came, and answered at once: somebody is on the line."""
        said, on = dict(signature.form(call.body)), call.query.get("on", "")
        answer = twiml.answer(on, said, call.query, account)
        if not call.body:
            return Heard(answer=answer)
        marks = {name: call.query[name] for name in ("on", "part") if call.query.get(name)}
        return Heard([Piece(call.body, id=_delivery(call.body, said, on), envelope=marks)], answer)

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        return read(content, envelope)

    def fetch(self, file: Remote, account: Account) -> Fetched:
        return Fetched(file.name, file.type, api.fetch(account, file.ref))

    def ready(self, account: Account | None = None) -> str:
        return "" if account and account.get("token") and account.get("number") else NO_ACCOUNT

    def id_of(self, message: int, inbox: str) -> str:
        return ""

    def agent(self, account: Account) -> str:
        return number_in(account, "agents")

    def terms(self, lately: Lately, account: Account) -> Terms:
        return Terms(BY_TEXT) if number_in(account, "texts") else Terms(RING, closed=True)

    def refuses(self, text: str, lately: Lately, account: Account) -> str:
        return "" if number_in(account, "texts") else RING

    def send(self, outgoing: Outgoing) -> Sent:
        account = outgoing.account
        if account is None:
            raise NotSent(NO_ACCOUNT, later=True)
        if outgoing.ring:
            return _ring(outgoing.ring, account)
        if against := self.refuses(outgoing.text, outgoing.lately, account):
            raise NotSent(against, later=False)
        return texting.send(outgoing, account, next(iter(outgoing.to), ""), sender=number_in(account, "texts"))


def _ring(ring: Ring, account: Account) -> Sent:
    """Never tried again by itself: a telephone that rings half an hour later rings for nobody."""
    if not account.hook.startswith("https://"):
        raise NotSent(NO_WAY_BACK, later=False)
    form = {
        "To": ring.agent,
        "From": account.get("number"),
        "Twiml": twiml.connecting(ring, account),
        "StatusCallback": f"{account.hook}?on=made",
        "Timeout": f"{twiml.RINGS}",
    }
    try:
        return Sent("taken", id=api.make(account, "Calls", form))
    except NotSent as error:
        raise NotSent(str(error), later=False, trouble=error.trouble) from None


def _delivery(body: bytes, said: dict[str, str], on: str) -> str:
    """What is the same when it is delivered again, also by way of the address for failures."""
    if not said.get("CallSid"):
        return hashlib.sha256(body).hexdigest()
    return ":".join([said["CallSid"], on, *(said.get(name, "") for name in MARKS)])
