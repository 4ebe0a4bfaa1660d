"""One message as it lies on the ticket: who, how, the words, what hangs on it, whether to believe it, where it is now."""

import re
from dataclasses import dataclass
from datetime import datetime
from html import escape

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from towerdesk.lib.html import from_text, remote_pictures
from towerdesk.lib.text import initials
from towerdesk.tickets.models import Attachment, Message, Ticket
from towerdesk.web.channel_looks import look_of
from towerdesk.web.spoken import Spoken, spoken
from towerdesk.web.words import size_words, span_words

PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
"""Raster types that a browser may show inside the page; everything else is only ever downloaded."""
MOST_QUOTED = 6000
CID = re.compile(r'src="cid:([^"]{1,250})"')
MACHINE = {
    "vacation": "vacation note",
    "auto_reply": "automatic answer",
    "list": "from a mailing list",
    "bulk": "bulk mail",
    "report": "report by a machine",
    "bounce": "delivery report",
}


@dataclass(frozen=True, slots=True)
class Clip:
    id: int
    name: str
    size: str
    picture: bool


@dataclass(frozen=True, slots=True)
class Fate:
    """Where a reply is now. `stop` is true while it can still be held back; `bad` when a promise broke."""

    words: str
    icon: str
    bad: bool = False
    stop: bool = False
    leaves: str = ""  # ISO 8601, for the countdown in the browser


@dataclass(frozen=True, slots=True)
class Sheet:
    id: int
    kind: str  # theirs, ours, note
    who: str
    face: str
    assistant: bool
    how: str
    address: str
    body: SafeString
    quoted: str
    clips: tuple[Clip, ...]
    pictures_kept_out: int
    machine: str
    trust: str
    trusted: bool
    fate: Fate | None
    has_original: bool
    spoken: Spoken | None = None


def sheet(message: Message, ticket: Ticket, at: datetime, attachments: list[Attachment]) -> Sheet:
    body, shown = _body(message, attachments)
    said = spoken(message, getattr(message, "call", None), attachments)
    if said and said.first:
        body = mark_safe("")
    if said:
        shown |= {number for number, _ in said.sounds}
    return Sheet(
        id=message.pk,
        kind="theirs" if message.direction == "in" else "ours" if message.public else "note",
        who=message.author_name or message.sender or "Somebody",
        face=initials(message.author_name or message.sender or "?"),
        assistant=message.author_kind == "assistant",
        how=_how(message, ticket),
        address=message.sender if message.direction == "in" else "",
        body=body,
        quoted=_quoted(message),
        clips=tuple(_clip(one) for one in attachments if one.pk not in shown),
        pictures_kept_out=remote_pictures(message.html),
        machine=MACHINE.get(message.auto, "") or _changed(message),
        trust=_trust(message),
        trusted=bool(message.trust.get("verified") and not message.trust.get("missed")),
        fate=fate(message, at)
        if message.direction == "out" and message.public and not (said and _left(message))
        else None,
        has_original=message.direction == "in" and message.channel == "email",
        spoken=said,
    )


def _left(message: Message) -> bool:
    """Of a call its outcome says the rest."""
    return message.delivery in ("sent", "delivered", "read")


def _changed(message: Message) -> str:
    """What its writer did to it afterwards."""
    if message.taken_back_at:
        return "deleted by its writer"
    return "edited" if message.edited_at else ""


def _how(message: Message, ticket: Ticket) -> str:
    if not message.public:
        return "note, inside only"
    if message.direction == "out" and getattr(message, "call", None):
        return f"called {ticket.requester.first_name}"
    if message.direction == "out":
        others = f" and {len(message.cc)} more" if message.cc else ""
        return f"to {ticket.requester.first_name}{others}"
    to = f" to {message.to[0]}" if message.to else ""
    return f"{look_of(message.channel).by}{to}"


def _body(message: Message, attachments: list[Attachment]) -> tuple[SafeString, set[int]]:
    """Safe HTML and the ids of the attachments that are shown inside it."""
    if not message.html:
        return mark_safe(from_text(message.visible or message.text)), set()  # noqa: S308 - escaped by from_text
    by_id = {one.content_id: one for one in attachments if one.content_id and one.type in PICTURES}
    shown: set[int] = set()

    def place(found: re.Match[str]) -> str:
        one = by_id.get(found[1].replace("&amp;", "&"))
        if one is None:
            return 'data-lost="1"'
        shown.add(one.pk)
        return f'src="/pictures/{one.pk}" alt="{escape(one.name)}" loading="lazy"'

    return mark_safe(CID.sub(place, message.html)), shown  # noqa: S308 - made safe by lib.html when it came in


def _quoted(message: Message) -> str:
    """What they sent along beneath their own words."""
    if message.direction == "out" or len(message.text) <= len(message.visible) + 2:
        return ""
    text, visible = message.text.strip(), message.visible.strip()
    rest = text[len(visible) :] if text.startswith(visible) else text
    return rest.strip()[:MOST_QUOTED]


def _clip(attachment: Attachment) -> Clip:
    return Clip(attachment.pk, attachment.name, size_words(attachment.size), attachment.type in PICTURES)


def _trust(message: Message) -> str:
    if missed := message.trust.get("missed"):
        return str(missed)
    if message.direction == "out" or message.channel not in ("email", "webform", "chat", "voice"):
        return ""
    said: str = message.trust.get("sentence", "")
    if message.channel == "chat":
        return said  # most visitors are strangers: only a word for or against them is worth saying
    if message.trust.get("verified"):
        return said or "sender verified"
    return said or "sender not verified"


def fate(message: Message, at: datetime) -> Fate | None:
    """How far a reply has come."""
    note = f": {message.delivery_note}" if message.delivery_note else ""
    match message.delivery:
        case "queued" if message.send_after and message.send_after > at:
            return Fate(
                f"leaves in {_pause(message.send_after, at)}", "clock", stop=True, leaves=message.send_after.isoformat()
            )
        case "queued":
            return Fate("waits to be sent", "clock", stop=True)
        case "sending":
            return Fate("is being sent", "send")
        case "sent":
            sent = message.sent_at or message.created_at
            return Fate(f"sent {timezone.localtime(sent):%H:%M}", "check")
        case "delivered":
            return Fate("delivered", "check")
        case "read":
            return Fate("read", "check")
        case "bounced":
            return Fate(f"did not arrive{note}", "x", bad=True)
        case "failed":
            return Fate(f"could not be sent{note}", "x", bad=True)
        case "unsure":
            return Fate(f"nobody knows whether it went out{note}", "doubt", bad=True)
        case "withdrawn":
            return Fate(f"not sent{note}", "undo")
    return None


def _pause(until: datetime, at: datetime) -> str:
    seconds = int((until - at).total_seconds()) + 1
    return f"{seconds} s" if seconds < 60 else span_words(until - at)
