"""What a channel must do: turn what came in into `Incoming`, and bring an `Outgoing` to its recipients.

A provider knows only these plain values. It has never heard of tickets, people or the database. Every channel is a
`Channel`; one that a provider calls by HTTP is `Hooked` as well, one whose messages only name their files `Fetching`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

from towerdesk.channels.talk import Ring, Talk

type Happening = Literal[
    "message",
    "edit",
    "deletion",
    "undeletion",
    "status",
    "reaction",
    "echo",
    "turn",
    "decision",
    "call",
    "trouble",
    "handshake",
    "unknown",
]
"""What an arrival tells of. Everything but a message is about another one, which `Incoming.about` names.

`turn`: somebody wants the conversation around that message to be a ticket. `decision`: an approver answers, `about` is
the token of `Decision` and `said` "yes" or "no". `trouble`: the provider says that the account no longer works. `echo`: what we
said ourselves, by the desk or past it, as the provider shows it: a message with `external_id` and `conversation`.
`call`: a telephone call goes on or is over, as `talk` tells; `about` is the call.
`handshake`: it asks whether we want its calls, and `about` is what `Shaking.shake` needs to say so.
"""
type Status = Literal["", "sent", "delivered", "read", "failed"]


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


@dataclass(frozen=True, slots=True)
class Remote:
    """A file that a message only names: `Fetching.fetch` gets it. `size` is what the provider claims, 0 when it does not."""

    ref: str  # whatever the channel needs to find it again; no secret
    name: str
    type: str
    size: int = 0


@dataclass(slots=True)
class Incoming:
    """A happening outside: what strangers say, apart from `trust`, `ticket` and `ours`, which were checked."""

    sender: str = ""  # a mail address in small letters, or another value of the kind `identity`
    identity: str = "email"  # kind of `sender`: "email", "phone" (E.164), else the provider's own, such as "telegram"
    sender_name: str = ""  # what they call themselves: only ever a name, never who they are
    happening: Happening = "message"
    about: str = ""  # provider id of the message that is edited, deleted, reacted to, or whose status this is; a status
    # without one is that of all that left in the `conversation` until `at`
    status: Status = ""
    said: str = ""  # one sentence: why a message failed, why an unknown kind is set aside; or the reaction itself
    conversation: str = ""  # its key within the inbox, at most 200 characters; without one it is threaded as mail is
    joins: bool = False  # it opens no ticket: until there is one of its conversation it waits, named by that key
    resumes: bool = (
        False  # where its conversation is new, it goes on the ticket of this inbox on which its sender waits
    )
    talk: Talk | None = None
    vouched: str = ""  # a mail address of the sender that the provider vouches for: whoever has it is this person
    whisper: str = ""  # where something can be said for a while to whoever did this, and to nobody else
    at: datetime | None = None  # when it happened, aware; parts of a second may tell what came first within it
    remote: Sequence[Remote] = ()  # files still to be fetched
    subject: str = ""
    text: str = ""  # everything
    visible: str = ""  # what was written this time
    html: str = ""  # safe HTML of `visible`, empty when the text says it all
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    reply_to: str = ""  # where the sender would like answers; never an identity
    external_id: str = ""  # the provider's id of the message, unique within the inbox
    answers: Sequence[str] = ()  # provider ids of what it answers, nearest first
    thread_key: str = ""  # the provider's id of the conversation: a hint
    ticket: int | None = None  # named by a signed address of ours
    ours: Sequence[int] = ()  # our messages, named by signed ids of ours, nearest first
    number: int | None = None  # a ticket number that the subject names: a hint
    auto: str = ""  # channels.email.mail.AutoKind; empty: a person wrote it
    why_auto: str = ""  # a sentence
    trust: dict[str, Any] = field(default_factory=dict)  # spf, dkim, dmarc, verified, sentence: stored and shown
    # of a conversation also `wishes`: "stop", "start" or "help", of a message that is one of the words for it; `way`: an
    # address of the provider's where answers go, which only the channel understands; and `link`: the http(s) address at
    # which people see what was written in public; `missed`: a sentence, when what was said before it could not be had
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
    language: str = ""  # of who reads it, as two letters; unknown: English


@dataclass(frozen=True, slots=True)
class Question:
    """One question with a link for each answer: (label, address)."""

    text: str
    answers: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Lately:
    """How it stands with the customer in a conversation; both are aware."""

    wrote_at: datetime | None = None  # when they wrote last
    stopped_at: datetime | None = None  # when they asked for no more messages, unless they took that back
    conversation: str = ""  # as `Incoming.conversation`
    link: str = ""  # of what they wrote last, where their message had one (`Incoming.trust`)


@dataclass(frozen=True, slots=True)
class Terms:
    """What may be written now, and until when. `closed`: nothing leaves but what is shaped like one of `only`."""

    sentence: str = ""  # said before somebody writes
    closed: bool = False
    only: Sequence[str] = ()  # texts with gaps, written {{1}}
    link: str = ""  # where a person may see it, or answer by hand


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
    person: tuple[str, str] | None = None  # label and address of the link by which they get a person
    automatic: bool = False  # no person wrote or approved it
    files: Sequence[File] = ()
    account: "Account | None" = None  # of the inbox, secrets opened
    conversation: str = ""  # as `Incoming.conversation` of the newest message of the customer
    way: str = ""  # as `Incoming.trust["way"]` of that message
    lately: Lately = Lately()
    ring: Ring | None = None  # it is no text, but a call


@dataclass(frozen=True, slots=True)
class Sent:
    """It is in the hands of the next hop. `refused` maps recipients that it would not take to what it said."""

    answer: str
    refused: dict[str, str] = field(default_factory=dict)
    id: str = ""  # the provider's id of it, where that is known only now; of several parts, the one whose fate is told


class NotSent(Exception):
    """It surely did not leave. `later`: trying again may help.

    `after` is what the provider asks for, in seconds. `trouble`: the account is what is wrong, such as a token that has
    expired; the sentence is shown on the inbox until something leaves by it again.
    """

    def __init__(self, sentence: str, *, later: bool, after: float = 0.0, trouble: bool = False) -> None:
        super().__init__(sentence)
        self.later = later
        self.after = after
        self.trouble = trouble


class FateUnknown(Exception):
    """The line broke after everything was handed over: nobody knows whether it left. Never tried again by itself."""


class Grant(Protocol):
    """A person's leave to use their mailbox (OAuth2), which is renewed by itself."""

    @property
    def user(self) -> str: ...

    @property
    def company(self) -> str: ...

    @property
    def trouble(self) -> str:
        """One sentence once the leave is taken back: nobody but a person can give it anew."""
        ...

    def token(self, refused: str = "") -> str:
        """An access token; another one than `refused`. Raises `lib.errors.Unavailable`. Never inside a transaction."""
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """An inbox as its channel sees it. `values` are its fields, secrets opened: never store, show or log them."""

    inbox: int
    address: str
    hook: str = ""  # where the provider reaches us, such as https://desk.example/hooks/KEY
    values: Mapping[str, str] = field(default_factory=dict)
    hosts: Sequence[str] = ()  # hosts in private networks that an administrator lets it reach, for `lib.http`
    open: bool = True  # it is within the hours of the calendar that it names, when a hook is answered
    renewed: Mapping[str, Any] = field(default_factory=dict)  # what a `Renewing` channel was told last
    provider: str = ""  # of a `Backed` channel: who brings and takes the messages of this inbox
    grant: Grant | None = None

    def get(self, name: str) -> str:
        return self.values.get(name, "")


class Channel(Protocol):
    """`ready` is empty, or one sentence that says what is missing before anything can be sent."""

    name: str
    identity: str  # kind of identity of the people that it reaches

    def ready(self, account: Account | None = None) -> str: ...

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        """Never raises for bad content, and asks nobody. `addresses` are those of our inboxes.

        `envelope["account"]` holds the fields of a `Hooked` channel's account that are no secret, as they are now: what
        is replayed is read by what has been set since.
        """
        ...

    def id_of(self, message: int, inbox: str) -> str:
        """The provider id that our message will carry, known before it is sent; empty when `Sent.id` says it."""
        ...

    def send(self, outgoing: Outgoing) -> Sent:
        """Raises `NotSent` or `FateUnknown`. Called outside of any transaction."""
        ...


class NotFetched(Exception):
    """The file could not be had. `later`: trying again may help, once `after` seconds are over if the provider says so."""

    def __init__(self, sentence: str, *, later: bool, after: float = 0.0) -> None:
        super().__init__(sentence)
        self.later = later
        self.after = after


@runtime_checkable
class Fetching(Channel, Protocol):
    def fetch(self, file: Remote, account: Account) -> File:
        """Raises `NotFetched`. Called outside of any transaction."""
        ...


@runtime_checkable
class Completing(Channel, Protocol):
    def complete(self, incoming: Incoming, account: Account) -> None:
        """Ask the provider for what the bytes do not say, such as the writer's name, and write it into `incoming`.

        Raises `NotFetched`. Called outside of any transaction, and of a message only once it is to be on a ticket.
        """
        ...


@dataclass(frozen=True, slots=True)
class Decision:
    """A question to an approver. `token` says which one, and that we asked; `link` shows everything."""

    text: str
    token: str
    link: str


@runtime_checkable
class Deciding(Channel, Protocol):
    def ask(self, to: str, decision: Decision, account: Account) -> None:
        """Raises `NotSent` or `FateUnknown`, also when `to` is nobody whom this account reaches."""
        ...

    def whisper(self, incoming: Incoming, sentence: str, account: Account) -> None:
        """Say to whoever did this what became of it, if that can be said. Never raises for a provider that is away."""
        ...


@runtime_checkable
class Introducing(Channel, Protocol):
    def introduce(self, account: Account) -> str:
        """Try the account and tell the provider our address, when it is connected on the desk; one sentence of success.

        Raises `lib.errors.Trouble`. Called outside of any transaction.
        """
        ...


@runtime_checkable
class Limiting(Channel, Protocol):
    """A channel by which not everything may be written at any time."""

    def terms(self, lately: Lately, account: Account) -> Terms:
        """Asks nobody."""
        ...

    def refuses(self, text: str, lately: Lately, account: Account) -> str:
        """Why this text can't leave now, in one sentence, or nothing; asked before it is queued and before it is sent."""
        ...
