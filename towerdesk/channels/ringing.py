"""The part of the contract for channels that can ring somebody."""

from typing import Protocol, runtime_checkable

from towerdesk.channels.contract import Account, Channel


@runtime_checkable
class Ringing(Channel, Protocol):
    """A channel by which we can ring somebody: `send` takes an `Outgoing` with `ring`, and `Sent.id` names the call."""

    def agent(self, account: Account) -> str:
        """The number of ours that is rung where a colleague names no other; may be empty."""
        ...
