"""A reply as text messages: in as few as it takes, and how far they have come."""

from collections.abc import Mapping

from towerdesk.channels.contract import Account, FateUnknown, Incoming, NotSent, Outgoing, Sent, Status
from towerdesk.channels.cut import cut
from towerdesk.channels.twilio import api
from towerdesk.channels.twilio.errors import sentence

LONGEST = 1600  # characters of one call; the network cuts it into segments by itself
NO_FILES = "A text message carries no files from here: leave them out."
PART = "part=1"
"""In the address that Twilio calls about all parts of a reply but the last, whose fate is told."""
STATUSES: dict[str, Status] = {
    "accepted": "",
    "scheduled": "",
    "queued": "",
    "sending": "",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}


def send(outgoing: Outgoing, account: Account, to: str, *, sender: str) -> Sent:
    """Raises `NotSent` or `FateUnknown`."""
    if outgoing.files:
        raise NotSent(NO_FILES, later=False)
    texts, id_ = cut(outgoing.text, LONGEST), ""
    for number, text in enumerate(texts, start=1):
        try:
            id_ = api.send(account, to, text, sender=sender, back=_back(account, last=number == len(texts)))
        except NotSent as error:
            if number == 1:
                raise
            raise FateUnknown(f"Only the first {number - 1} of its parts went out: {error}") from None
    return Sent("taken", id=id_)


def is_status(said: Mapping[str, str]) -> bool:
    return bool(said.get("MessageStatus")) and said["MessageStatus"] != "received"


def status(said: Mapping[str, str], *, part: bool) -> Incoming:
    how = said["MessageStatus"].lower()
    if how not in STATUSES:
        return unknown(f"It tells how far a reply has come that the desk does not follow: {how}.")
    if part:
        return unknown(
            f"It tells that one part of a reply in several parts was {how}; the last part tells of them all."
        )
    why = sentence(said.get("ErrorCode", ""), said.get("ErrorMessage", "")) if STATUSES[how] == "failed" else ""
    return Incoming(identity="phone", happening="status", status=STATUSES[how], said=why, about=id_of(said))


def unknown(said: str) -> Incoming:
    return Incoming(identity="phone", happening="unknown", said=said)


def id_of(said: Mapping[str, str]) -> str:
    return said.get("MessageSid") or said.get("SmsSid") or said.get("SmsMessageSid") or ""


def _back(account: Account, *, last: bool) -> str:
    """Twilio refuses a message whose way back is not on the internet."""
    if not account.hook.startswith("https://"):
        return ""
    return account.hook if last else f"{account.hook}?{PART}"
