"""A reply that takes several calls leaves whole, or a person is told how much of it did."""

from collections.abc import Callable, Sequence

from towerdesk.channels.contract import FateUnknown, NotSent


def in_parts[Part](parts: Sequence[Part], send: Callable[[Part], str]) -> str:
    """The id of the last part. Raises what `send` does; once the first has left, `NotSent` becomes `FateUnknown`."""
    id_ = ""
    for number, part in enumerate(parts):
        try:
            id_ = send(part)
        except NotSent as error:
            if number == 0:
                raise
            raise FateUnknown(f"Only the first {number} of its parts went out: {error}") from None
    return id_
