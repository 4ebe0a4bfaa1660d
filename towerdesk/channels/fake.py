"""A channel for tests: it keeps what it was given to send, and fails in the ways that real ones do when told to."""

from collections.abc import Callable, Sequence
from typing import Any

from towerdesk.channels.contract import Incoming, Outgoing, Sent


class FakeChannel:
    """`goes_wrong` are errors, or functions to call, for the next sends, in order; afterwards all goes well."""

    name = "fake"

    def __init__(self, *goes_wrong: Exception | Callable[[], None], missing: str = "") -> None:
        self.goes_wrong = list(goes_wrong)
        self.missing = missing
        self.sent: list[Outgoing] = []

    def ready(self) -> str:
        return self.missing

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        """`mara@example.org: I can't sign in`"""
        sender, _, text = content.decode().partition(": ")
        id_ = str(envelope.get("id", ""))
        return Incoming(sender=sender, text=text, visible=text, subject=text[:40], external_id=id_)

    def id_of(self, message: int, inbox: str) -> str:
        return f"fake-{message}"

    def send(self, outgoing: Outgoing) -> Sent:
        trouble = self.goes_wrong.pop(0) if self.goes_wrong else None
        if isinstance(trouble, Exception):
            raise trouble
        if trouble:
            trouble()
        self.sent.append(outgoing)
        return Sent("taken")
