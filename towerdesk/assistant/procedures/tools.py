"""What must be known of a tool to check a procedure: the part of the connectors' contract that it uses (`ToolSpec`)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol


class ArgumentLike(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def choices(self) -> Sequence[str]: ...
    @property
    def sources(self) -> Collection[str]: ...


class ToolLike(Protocol):
    """`person` names the argument (or `result.FIELD`) that says whose data it is, `amount` the argument that is money."""

    @property
    def arguments(self) -> Sequence[ArgumentLike]: ...
    @property
    def effect(self) -> str: ...
    @property
    def amount(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def read_back(self) -> object: ...


type Tools = Mapping[str, ToolLike]
"""By their whole names, such as `shop.refund_order`."""
