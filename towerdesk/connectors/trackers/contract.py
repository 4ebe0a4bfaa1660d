"""What an issue tracker must do for the desk. Plain values: no bug, ticket or database is known here.

Every call that changes something there is made once: `mark` stands in what is written, so that what became of it can be
looked up when the line broke. Calls raise `connectors.contract.NotDone` or `FateUnknown`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from towerdesk.connectors.contract import Account

type State = Literal["open", "done", "dropped"]
"""`done` is closed because it is fixed, `dropped` is closed for any other reason."""
MARKED = "towerdesk-"
"""How a mark begins, in the text or in a label of what we wrote."""


@dataclass(frozen=True, slots=True)
class Asks:
    """One thing that the settings page asks for."""

    name: str
    title: str
    help: str = ""
    secret: bool = False
    required: bool = True
    first: str = ""


@dataclass(frozen=True, slots=True)
class IssueSaid:
    """An issue as the tracker tells it; `says` is its own word for the state."""

    remote: str
    key: str
    url: str
    title: str
    state: State
    says: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class CommentSaid:
    """`issue` is the `remote` of the issue that it stands on."""

    issue: str
    remote: str
    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One call at our door: header names in small letters, the body byte for byte as it came."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Heard:
    """What a call says. `id` is the tracker's own for it: the same twice is one. Nothing in it: it is of no concern."""

    id: str
    about: str
    issue: IssueSaid | None = None
    comment: CommentSaid | None = None


class Forged(Exception):
    """The call is not signed as it should be, or is too old. The text says what is wrong, for the settings page."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be an issue; `body` is Markdown."""

    title: str
    body: str
    mark: str
    labels: Sequence[str] = field(default_factory=tuple)


class Tracker(Protocol):
    """A kind of issue tracker. None of these is called inside a transaction, but for `host`, `verify` and `hear`."""

    kind: str
    title: str
    asks: Sequence[Asks]
    steps: str
    """How a webhook is made there, in a sentence or two."""

    def host(self, settings: Mapping[str, str]) -> str:
        """The one host (with its port, if any) that is called. Raises `lib.errors.Invalid` when the settings make no sense."""
        ...

    def check(self, account: Account) -> str:
        """Try it: one sentence."""
        ...

    def create(self, account: Account, draft: Draft) -> IssueSaid: ...

    def find(self, account: Account, mark: str) -> IssueSaid | None:
        """The issue with this mark, if there is one."""
        ...

    def look(self, account: Account, remote: str) -> IssueSaid: ...

    def named(self, account: Account, typed: str) -> IssueSaid:
        """By its number, key or address, as somebody typed it."""
        ...

    def comments(self, account: Account, remote: str, since: datetime) -> Sequence[CommentSaid]:
        """Those that people wrote since then, the oldest first."""
        ...

    def comment(self, account: Account, remote: str, text: str) -> CommentSaid: ...

    def move(self, account: Account, remote: str, state: State) -> IssueSaid:
        """Close or open it; one that is so already stays so."""
        ...

    def verify(self, call: Call, account: Account) -> None:
        """Raises `Forged`."""
        ...

    def hear(self, call: Call) -> Heard:
        """Of a call that was verified. Raises `ValueError`, `KeyError` or `TypeError` for what can't be read."""
        ...
