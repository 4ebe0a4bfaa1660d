"""Text messages as a channel: Twilio's signed forms, replies in as few messages as it takes, and STOP obeyed."""

import hashlib
from collections.abc import Sequence
from typing import Any

from towerdesk.channels.contract import Account, Incoming, Lately, NotSent, Outgoing, Remote, Sent, Terms
from towerdesk.channels.doors import Answer, Call, Field, Heard, Piece, Step
from towerdesk.channels.fetched import Fetched
from towerdesk.channels.sms.read import read
from towerdesk.channels.twilio import api, signature, texting
from towerdesk.channels.twilio.texting import id_of

NO_ACCOUNT = "The account at Twilio is missing: connect the inbox under Settings → Inboxes."
NOTHING_TO_SAY = Answer(body=b'<?xml version="1.0" encoding="UTF-8"?><Response/>', type="text/xml; charset=utf-8")


class SmsChannel:
    name = "sms"
    identity = "phone"
    title = "Text messages (Twilio)"
    fields: Sequence[Field] = (
        Field("sid", "Account SID", "Begins with AC; shown on the first page of Twilio's console."),
        Field("token", "Auth token", "Shown there, too: it signs every call and opens the account.", secret=True),
        Field("sender", "Number", "The number to write from, such as +15550100, or a messaging service (MG…)."),
        Field("server", "API address", f"Only for another region of Twilio's; empty: {api.SERVER}.", needed=False),
    )

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step("In Twilio's console buy a number that takes text messages."),
            Step("Enter account SID, auth token and number here and connect."),
            Step("Open the number → Messaging → A message comes in: Webhook, HTTP POST, this address:", account.hook),
            Step(
                "If a messaging service stands before the number, paste it there instead, under Integration.",
                account.hook,
            ),
            Step("Text the number from a telephone: the message is here within seconds."),
        )

    def introduce(self, account: Account) -> str:
        return f"Connected to the account {api.introduce(account)}. Now follow the steps at Twilio."

    def check(self, call: Call, account: Account) -> None:
        signature.check(call, account)

    def hear(self, call: Call, account: Account) -> Heard:
        """Each call is one message or one status, kept exactly as it came."""
        if not call.body:
            return Heard(answer=NOTHING_TO_SAY)
        part = {"part": call.query["part"]} if call.query.get("part") else {}
        return Heard([Piece(call.body, id=_delivery(call.body), envelope=part)], NOTHING_TO_SAY)

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        return read(content, envelope)

    def fetch(self, file: Remote, account: Account) -> Fetched:
        return Fetched(file.name, file.type, api.fetch(account, file.ref))

    def ready(self, account: Account | None = None) -> str:
        return "" if account and account.get("token") and account.get("sender") else NO_ACCOUNT

    def id_of(self, message: int, inbox: str) -> str:
        return ""

    def terms(self, lately: Lately, account: Account) -> Terms:
        if lately.stopped_at is None:
            return Terms()
        when = f"{lately.stopped_at:%-d %b, %H:%M} UTC"
        return Terms(f"They asked for no more text messages on {when}: none leaves until they send START.", closed=True)

    def refuses(self, text: str, lately: Lately, account: Account) -> str:
        return self.terms(lately, account).sentence

    def send(self, outgoing: Outgoing) -> Sent:
        account = outgoing.account
        if account is None:
            raise NotSent(NO_ACCOUNT, later=True)
        if against := self.refuses(outgoing.text, outgoing.lately, account):
            raise NotSent(against, later=False)
        to = outgoing.conversation or next(iter(outgoing.to), "")
        return texting.send(outgoing, account, to, sender=account.get("sender"))


def _delivery(body: bytes) -> str:
    """What is the same when it is delivered again."""
    said = dict(signature.form(body))
    if id_of(said):
        return f"{id_of(said)}:{said.get('MessageStatus', '')}"
    return hashlib.sha256(body).hexdigest()
