"""E-mail as a channel: reading, composing and sending behind the contract."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from towerdesk.channels.contract import Account, Incoming, Outgoing, Sent
from towerdesk.channels.email.address import message_id
from towerdesk.channels.email.compose import compose
from towerdesk.channels.email.read import read
from towerdesk.channels.email.send import send

NO_RELAY = (
    "No mail relay is set, so replies wait: set TOWERDESK_RELAY to smtp+tls://user:password@host:587 or the like."
)


class EmailChannel:
    name = "email"
    identity = "email"

    def ready(self, account: Account | None = None) -> str:
        return "" if settings.RELAY_URL else NO_RELAY

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        return read(content, envelope, addresses)

    def id_of(self, message: int, inbox: str) -> str:
        return message_id(message, inbox.rpartition("@")[2])

    def send(self, outgoing: Outgoing) -> Sent:
        return send(compose(outgoing), outgoing, settings.RELAY_URL)
