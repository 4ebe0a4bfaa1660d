"""Read one piece of the Messenger Platform's calls. Whatever it does not know is kept as it came, with a sentence."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from towerdesk.channels.contract import Incoming, Status
from towerdesk.channels.meta.words import came_by, files, words

type Json = dict[str, Any]

ODD = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, OSError, RecursionError)
MARK, PART = "towerdesk", "towerdesk:part"
"""What we let Messenger repeat with each part of a reply; the last one bears `MARK`, and its fate is told."""
STARTED = ("GET_STARTED", "GET_STARTED_PAYLOAD")
IN_PUBLIC = "comment:"
"""How the key of a conversation in public begins; the rest is the comment or post that answers are put under."""
NOTICES = {
    "optin": "Somebody agrees to be written to.",
    "referral": "Somebody opened the conversation by a link or an advertisement, and has not written yet.",
    "account_linking": "Somebody connected or disconnected an account of theirs.",
    "pass_thread_control": "The conversation was handed to another app (handover protocol).",
    "take_thread_control": "Another app took the conversation over (handover protocol).",
    "request_thread_control": "Another app asks for the conversation (handover protocol).",
    "app_roles": "The apps of the page were given other roles (handover protocol).",
    "messaging_feedback": "Somebody answered a survey of Meta's.",
}
HANDED = "Another app has this conversation in hand (standby)."


@dataclass(frozen=True, slots=True)
class Talk:
    """Whose talks these are: what people call the provider, the kind of identity of those who write, how changes are read."""

    who: str
    identity: str
    object: str  # what a call says that it is about
    change: Callable[["Talk", Json, Json], Incoming]  # of a piece and its change

    def read(self, content: bytes, page: str) -> Incoming:
        """Never raises. `page` is the id of the page or account that the inbox stands for."""
        try:
            piece = json.loads(content)
            return self._not_ours(piece, page) or self._read(piece)
        except ODD as error:
            return self.unknown(f"It is not as {self.who}'s calls are ({type(error).__name__}).")

    def _not_ours(self, piece: Json, page: str) -> Incoming | None:
        """All pages of an app call one address."""
        if piece.get("object") not in (self.object, None):
            return self.unknown(f"It is about {piece['object']}, and this inbox stands for {self.who}.")
        if page and piece.get("page") and str(piece["page"]) != page:
            return self.unknown(
                f"It is for another page or account ({piece['page']}): that one needs an app of its own."
            )
        return None

    def _read(self, piece: Json) -> Incoming:
        if "change" in piece:
            value = piece["change"].get("value")
            if isinstance(value, dict) and {"sender", "recipient"} <= set(value):  # as Meta sends its tests
                return self._event(value)
            return self.change(self, piece, piece["change"])
        if "standby" in piece:
            words_ = words((piece["standby"] or {}).get("message") or {}, self.who)
            return self.unknown(f"{HANDED} {words_}".strip())
        return self._event(piece["event"]) if "event" in piece else self.unknown("It lists nothing that is known.")

    def _event(self, event: Json) -> Incoming:
        for kind, reader in EVENTS.items():
            if event.get(kind):
                return reader(self, event)
        kind = next((name for name in event if name not in ("sender", "recipient", "timestamp")), "nothing")
        return self.unknown(NOTICES.get(kind, f"It is a kind of event that the desk does not take: {kind}."))

    def said(self, event: Json, **more: Any) -> Incoming:
        """Meta vouches for its own id of a person, which is another one at each page."""
        who = str(event["sender"]["id"])
        trust = {"verified": True, "sentence": f"signed for by {self.who}"}
        return Incoming(
            sender=who, identity=self.identity, conversation=who, at=moment(event.get("timestamp")), trust=trust, **more
        )

    def unknown(self, said: str) -> Incoming:
        return Incoming(identity=self.identity, happening="unknown", said=said)

    def trouble(self, said: str) -> Incoming:
        return Incoming(identity=self.identity, happening="trouble", said=said)


def _message(talk: Talk, event: Json) -> Incoming:
    message: Json = event["message"]
    mid = str(message["mid"])
    if message.get("is_echo"):
        return _echo(talk, event, message, mid)
    if message.get("is_deleted"):
        return talk.said(event, happening="deletion", about=mid)
    text, remote = words(message, talk.who), files(message)
    if not text and not remote:
        return talk.said(event, happening="unknown", said="It is a message without any words or files.")
    answered = (message.get("reply_to") or {}).get("mid")
    answers = [str(answered)] if answered else []
    return talk.said(event, text=text, visible=text, remote=remote, external_id=mid, answers=answers)


def _echo(talk: Talk, event: Json, message: Json, mid: str) -> Incoming:
    """What we said, from here or by the page's own inbox."""
    if message.get("metadata") == PART:
        return talk.unknown("It shows one part of a reply in several parts; the last part tells of them all.")
    if message.get("is_deleted"):
        return talk.unknown("One of us took back a message, past the desk.")
    text = words(message, talk.who)
    return Incoming(
        identity=talk.identity,
        happening="echo",
        conversation=str(event["recipient"]["id"]),
        external_id=mid,
        text=text,
        visible=text,
        remote=files(message),
        at=moment(event.get("timestamp")),
    )


def _edit(talk: Talk, event: Json) -> Incoming:
    edit = event["message_edit"]
    text = str(edit["text"])
    return talk.said(event, happening="edit", about=str(edit["mid"]), text=text, visible=text)


def _reaction(talk: Talk, event: Json) -> Incoming:
    reaction = event["reaction"]
    sign = "took the sign back"
    if reaction.get("action") != "unreact":
        sign = str(reaction.get("emoji") or reaction.get("reaction") or "a sign")
    return talk.said(event, happening="reaction", said=sign, about=str(reaction["mid"]))


def _postback(talk: Talk, event: Json) -> Incoming:
    """A button of ours, or of the menu: it says what is written on it."""
    pressed = event["postback"]
    if str(pressed.get("payload")).upper() in STARTED:
        return talk.said(event, happening="unknown", said="Somebody opened the conversation and has not written yet.")
    parts = (str(pressed.get("title") or "pressed a button"), came_by(pressed.get("referral")))
    text = "\n".join(part for part in parts if part)
    named = str(pressed.get("mid") or f"postback:{event['sender']['id']}:{event['timestamp']}")
    return talk.said(event, text=text, visible=text, external_id=named)


def _delivered(talk: Talk, event: Json) -> Incoming:
    delivery = event["delivery"]
    return _status(talk, event, "delivered", next(iter(delivery.get("mids") or []), ""), delivery.get("watermark"))


def _seen(talk: Talk, event: Json) -> Incoming:
    read = event["read"]
    return _status(talk, event, "read", read.get("mid") or "", read.get("watermark"))


def _status(talk: Talk, event: Json, how: Status, mid: Any, watermark: Any) -> Incoming:
    """Of one message, or of all until a moment."""
    return Incoming(
        identity=talk.identity,
        happening="status",
        status=how,
        about=str(mid),
        conversation=str(event["sender"]["id"]),
        at=moment(watermark or event.get("timestamp")),
    )


def _enforced(talk: Talk, event: Json) -> Incoming:
    told = event["policy-enforcement"]
    if told.get("action") == "unblock":
        return talk.unknown("Meta lets the page write again.")
    return talk.trouble(f"Meta keeps the page from writing: {told.get('reason') or 'it does not say why'}")


EVENTS: dict[str, Callable[[Talk, Json], Incoming]] = {
    "message": _message,
    "message_edit": _edit,
    "reaction": _reaction,
    "postback": _postback,
    "delivery": _delivered,
    "read": _seen,
    "policy-enforcement": _enforced,
}


def moment(milliseconds: Any) -> datetime | None:
    """Pages tell in milliseconds, their changes in seconds."""
    try:
        number = int(milliseconds)
        return datetime.fromtimestamp(number / 1000 if number > 10**11 else number, UTC)
    except ODD:
        return None
