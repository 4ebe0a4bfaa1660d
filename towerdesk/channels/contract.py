"""What a channel must do: turn what came in into `Incoming`, and bring an `Outgoing` to its recipients.

A provider knows only these plain values. It has never heard of tickets, people or the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


class File(Protocol):
    """A decoded file that a message carries."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def content(self) -> bytes: ...
    @property
    def content_id(self) -> str: ...
    @property
    def inline(self) -> bool: ...
    @property
    def size(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Failure:
    """One recipient whom one of our messages did not reach."""

    recipient: str  # "" when unknown
    permanent: bool
    code: str  # such as "550 5.1.1", "" when unknown
    status: str  # RFC 3463, such as "5.1.1", "" when unknown
    sentence: str


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Word that a message did not arrive, or arrives late."""

    failures: Sequence[Failure]
    recipients: Sequence[str] = ()  # of the message that came back


@dataclass(slots=True)
class Incoming:
    """A message from outside: what strangers say, apart from `trust`, `ticket` and `ours`, which were checked."""

    sender: str = ""  # address, lower-cased
    sender_name: str = ""
    subject: str = ""
    text: str = ""  # everything
    visible: str = ""  # what was written this time
    html: str = ""  # safe HTML of `visible`, empty when the text says it all
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    reply_to: str = ""  # where the sender would like answers; never an identity
    external_id: str = ""  # the provider's id of the message
    answers: Sequence[str] = ()  # provider ids of what it answers, nearest first
    thread_key: str = ""  # the provider's id of the conversation: a hint
    ticket: int | None = None  # named by a signed address of ours
    ours: Sequence[int] = ()  # our messages, named by signed ids of ours, nearest first
    number: int | None = None  # a ticket number that the subject names: a hint
    auto: str = ""  # channels.email.mail.AutoKind; empty: a person wrote it
    why_auto: str = ""  # a sentence
    trust: dict[str, Any] = field(default_factory=dict)  # spf, dkim, dmarc, verified, sentence: stored and shown
    failing: bool = False  # a check of the sender was made and did not pass
    files: Sequence[File] = ()
    undelivered: Undelivered | None = None
    odd: Sequence[str] = ()  # sentences: what was strange or cut


@dataclass(frozen=True, slots=True)
class Quote:
    """The message that a reply answers."""

    author: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question with a link for each answer: (label, address)."""

    text: str
    answers: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply ready to leave."""

    message: int
    ticket: int
    inbox: str  # address
    sender_name: str
    to: Sequence[str]
    cc: Sequence[str]
    subject: str
    text: str
    html: str
    written_at: datetime
    answers: str = ""  # provider id of the newest message of the customer
    thread: Sequence[str] = ()  # provider ids of the conversation, oldest first
    quote: Quote | None = None
    question: Question | None = None
    automatic: bool = False  # no person wrote or approved it
    files: Sequence[File] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """It is in the hands of the next hop. `refused` maps recipients that it would not take to what it said."""

    answer: str
    refused: dict[str, str] = field(default_factory=dict)


class NotSent(Exception):
    """It surely did not leave. `later`: trying again may help."""

    def __init__(self, sentence: str, *, later: bool) -> None:
        super().__init__(sentence)
        self.later = later


class FateUnknown(Exception):
    """The line broke after everything was handed over: nobody knows whether it left. Never tried again by itself."""


class Channel(Protocol):
    """`ready` is empty, or one sentence that says what is missing before anything can be sent."""

    name: str

    def ready(self) -> str: ...

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        """Never raises for bad content. `addresses` are those of our inboxes."""
        ...

    def id_of(self, message: int, inbox: str) -> str:
        """The provider id that our message will carry, known before it is sent."""
        ...

    def send(self, outgoing: Outgoing) -> Sent:
        """Raises `NotSent` or `FateUnknown`. Called outside of any transaction."""
        ...
