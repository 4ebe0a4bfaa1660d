"""How a provider reaches us: calls at /hooks/KEY, checked and taken apart into the pieces that are kept.

None of what is asked while a call waits asks the network or the database (decision 0030).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from towerdesk.channels.contract import Account, Channel, Incoming


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP call of a provider, exactly as it came."""

    method: str
    url: str  # the whole address as the provider knows it: some sign it
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in small letters
    body: bytes


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that a call carries, stored as an arrival of its own.

    The same `id` at the same inbox is stored once; without an id each call counts. `envelope` is for what the bytes do
    not say, such as headers that matter; never a secret.
    """

    content: bytes
    id: str = ""
    envelope: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int = 200
    body: bytes = b""
    type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a call carried, and what the provider is answered once that is kept. A mere challenge carries nothing."""

    pieces: Sequence[Piece] = ()
    answer: Answer = Answer()


class Forged(Exception):
    """A call that did not come from the provider, or too long ago. Its text says in a few words what was wrong."""


class Unrecognised(Forged):
    """It may be the provider's, but what is known of them does not say so. Checked once more when that was renewed."""


class Nameless(Forged):
    """A call that says nothing of who it is from; the provider tells as soon as it is asked (RFC 9110, 401 and Basic)."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that an inbox of this channel has to be told. `made`: the desk thinks it up, such as a secret to share."""

    name: str
    label: str
    help: str = ""
    secret: bool = False
    made: bool = False
    needed: bool = True
    lines: bool = False  # several lines may be entered
    calendar: bool = False  # the number of one of the desk's calendars


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the set-up at the provider's; `copy` is what is pasted there. It may show a secret that was `made`."""

    text: str
    copy: str = ""


@runtime_checkable
class Door(Protocol):
    """Whoever calls us at /hooks/KEY. None of these asks the network or the database."""

    title: str  # as people call it
    fields: Sequence[Field]

    def steps(self, account: Account) -> Sequence[Step]: ...

    def check(self, call: Call, account: Account) -> None:
        """Over the exact bytes, in constant time. Raises `Forged`; whatever else it raises counts as that, too."""
        ...

    def hear(self, call: Call, account: Account) -> Heard:
        """Of a call that was checked. If it raises, the whole body is kept as one piece."""
        ...


@runtime_checkable
class Renewing(Channel, Protocol):
    """A channel that goes by something public which its provider changes now and then, such as the keys it signs with."""

    def renew(self, account: Account) -> Mapping[str, Any]:
        """Ask the provider for it: what JSON can say, no secret; from then on it is `Account.renewed`.

        Raises `lib.errors.Trouble`. Called outside of any transaction: when the account is connected, by the clock, and
        when `check` finds something `Unrecognised`, at most every few minutes.
        """
        ...


@runtime_checkable
class Hooked(Channel, Door, Protocol):
    """A channel whose provider calls us."""


@runtime_checkable
class Backed(Channel, Protocol):
    """A channel that many providers carry: each inbox may have one of its own, which calls us."""

    def providers(self) -> Mapping[str, str]:
        """Names and how people call them, to choose from."""
        ...

    def provider(self, name: str) -> Door | None: ...


@runtime_checkable
class Shaking(Channel, Protocol):
    def shake(self, incoming: Incoming, account: Account) -> str:
        """Tell the provider that its calls are wanted; one sentence. Raises `NotFetched`. Outside of any transaction."""
        ...


@runtime_checkable
class Gathering(Channel, Protocol):
    def gather(self, incoming: Incoming, account: Account) -> Sequence[Piece]:
        """The messages of a conversation that is to `turn` into a ticket, first the one that opens it.

        Raises `NotFetched`. Called outside of any transaction; asked again it gives the same ids.
        """
        ...
