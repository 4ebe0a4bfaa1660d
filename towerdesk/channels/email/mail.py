"""What a mail says once it has been read: plain values, no database, no network."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

type AutoKind = Literal["", "auto_reply", "vacation", "list", "bulk", "report", "bounce", "complaint", "receipt", "own"]
"""Why a mail counts as automatic; empty when a person wrote it. `report` = DMARC/TLS aggregate reports,
`complaint` = ARF feedback report (RFC 5965), `receipt` = read/delivery receipt (RFC 8098), `own` = our own mail come back."""


@dataclass(slots=True, frozen=True)
class Address:
    name: str  # decoded display name, may be empty
    email: str  # lower-cased, may be empty when the header held no address


@dataclass(slots=True)
class Part:
    """One attachment or inline file, already decoded."""

    name: str  # decoded file name without any folder, never empty
    type: str  # lower-case MIME type, e.g. "image/png"
    content: bytes
    content_id: str = ""  # without < >
    inline: bool = False  # shown in the text by its Content-ID, or marked inline

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(slots=True)
class Mail:
    message_id: str = ""  # without < >; empty when the mail has none
    in_reply_to: Sequence[str] = ()  # message ids without < >
    references: Sequence[str] = ()  # the newest 50 at most, oldest first, without < >
    subject: str = ""  # decoded, one line, at most 500 characters
    sender: Address = Address("", "")  # From (else Sender, Return-Path); never Reply-To
    reply_to: Sequence[Address] = ()
    to: Sequence[Address] = ()
    cc: Sequence[Address] = ()
    delivered_to: Sequence[str] = ()  # Delivered-To, X-Original-To, Envelope-To …, lower-cased
    return_path: str | None = None  # "" = the null sender <>; None = header absent
    sent_at: datetime | None = None  # aware; None when missing or unreadable
    text: str = ""  # the text body (from text/plain, else made from HTML)
    html: str = ""  # the HTML body as it came (unsafe!), empty when there is none
    parts: list[Part] = field(default_factory=list)
    headers: dict[str, list[str]] = field(default_factory=dict)  # lower-case name -> decoded values, in order
    wrapper: Literal["", "smime", "pgp"] = ""  # signed or encrypted wrapper that was seen
    encrypted: bool = False
    defects: list[str] = field(default_factory=list)  # sentences: what was odd, what was cut by a ceiling
    date_header: str = ""

    def header(self, name: str) -> str:
        """The first value of a header, or an empty string."""
        values = self.headers.get(name.lower())
        return values[0] if values else ""


@dataclass(slots=True, frozen=True)
class Bounced:
    """One failed recipient out of a bounce."""

    recipient: str  # lower-cased address, "" when unknown
    status: str  # RFC 3463 code such as "5.1.1", "" when unknown
    reply_code: str  # SMTP reply code such as "550", "" when unknown
    permanent: bool
    reason: str  # one of bounce.REASONS
    text: str = ""  # the diagnostic line, for people


@dataclass(slots=True)
class Bounce:
    failed: list[Bounced]
    original_message_id: str = ""  # of the mail that bounced, without < >
    original_to: Sequence[str] = ()
    original_references: Sequence[str] = ()
