"""One conversation as a provider tells it, for the test that tells it in every other order (channels/tests/test_any_order.py).

Every channel that listens at a hook has a `Story` in the `fake.py` of its folder, or under that name beside its class.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Protocol

from towerdesk.channels.contract import Account
from towerdesk.channels.doors import Hooked
from towerdesk.channels.registry import channel, channels

type Post = tuple[bytes, Mapping[str, str]] | tuple[bytes, Mapping[str, str], str]
"""Body and headers of one call, signed; what stands behind the hook's address, such as `?on=recording`."""


class Story(Protocol):
    """A context, so that it can bring a server along that takes the desk's replies."""

    def __enter__(self) -> "Story": ...

    def __exit__(self, *_: object) -> None: ...

    @property
    def values(self) -> Mapping[str, str]:
        """What the inbox is connected with."""
        ...

    def calls(self, account: Account, ours: str) -> Sequence[Post]:
        """The first opens the ticket, which is then answered; `ours` is the provider's id of that answer.

        The others should hold a second message, two edits of one, a deletion and whatever else there is: statuses of
        `ours`, reactions, an unknown kind. What happened in the past is dated in the past. Told twice it says the same.
        Of a channel whose list is asked for they are what its server shows then, one after the other (`Shown.shows`).
        """
        ...


class Shown(Story, Protocol):
    """Of a channel that nobody calls."""

    def shows(self, body: bytes) -> None:
        """From now on the server answers with this document."""
        ...


OWN_PAGES = {"chat"}
"""Its hook lets nobody in: visitors have a stream and pages, whose broken lines portal/tests/test_chat_live.py tells."""


def hooked() -> list[str]:
    return [name for name in channels() if isinstance(channel(name), Hooked) and name not in OWN_PAGES]


def story_of(name: str) -> AbstractContextManager[Story]:
    package = type(channel(name)).__module__.rpartition(".")[0]
    made: AbstractContextManager[Story] = import_module(f"{package}.fake").Story()
    return made
