"""The contract of a channel that nobody calls: its list is asked for now and then (`intake/ask_lists.py`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from towerdesk.channels.contract import Account, Channel
from towerdesk.channels.doors import Piece


@dataclass(frozen=True, slots=True)
class Mark:
    """What a server gave along with a list, so that it need not say the same twice (RFC 9110, conditional requests)."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One of a list. `pieces` have ids: those that are there already are passed over, however often they are listed."""

    id: str
    pieces: Sequence[Piece]
    at: datetime | None = None  # when it was published, aware


@dataclass(frozen=True, slots=True)
class Listed:
    """`unchanged`: the server says that it is what it was at `mark`."""

    entries: Sequence[Entry] = ()  # the newest first, as most servers do
    mark: Mark = Mark()
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is taken of a list that is asked for the first time: what is not older than `since`, or the `newest` so many."""

    since: datetime | None = None
    newest: int = 0


@runtime_checkable
class Listing(Channel, Protocol):
    """A channel that nobody calls: its list is asked for now and then."""

    def list(self, account: Account, mark: Mark) -> Listed:
        """Raises `NotFetched`. Called outside of any transaction."""
        ...

    def source(self, account: Account) -> str:
        """What is asked. Once it is another, all begins anew."""
        ...

    def every(self, account: Account) -> timedelta: ...

    def beginning(self, account: Account) -> Beginning: ...
