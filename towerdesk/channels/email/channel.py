"""E-mail as a channel: reading, composing and sending behind the contract, by whichever provider an inbox has."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings

from towerdesk.channels import calling
from towerdesk.channels.contract import Account, File, Incoming, NotFetched, Outgoing, Remote, Sent
from towerdesk.channels.email.address import message_id
from towerdesk.channels.email.compose import compose
from towerdesk.channels.email.providers import PROVIDERS, provider_named
from towerdesk.channels.email.read import read
from towerdesk.channels.email.send import send
from towerdesk.channels.oauth.companies import company

if TYPE_CHECKING:
    from towerdesk.channels.email.providers.provider import Provider

NO_RELAY = (
    "No mail relay is set, so replies wait: set TOWERDESK_RELAY to smtp+tls://user:password@host:587 or the like."
)


class EmailChannel:
    name = "email"
    identity = "email"

    def ready(self, account: Account | None = None) -> str:
        if account and account.grant:
            return account.grant.trouble
        if account and _sends(account):
            return ""
        return "" if settings.RELAY_URL else NO_RELAY

    def providers(self) -> Mapping[str, str]:
        return {name: title for name, (title, _) in PROVIDERS.items()}

    def provider(self, name: str) -> "Provider | None":
        return provider_named(name)

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        if why := envelope.get("odd"):
            return Incoming(happening="unknown", said=str(why))
        if envelope.get("event"):
            from towerdesk.channels.email.providers.events import read_event  # anymail, for those who have a provider

            return read_event(content, str(envelope.get("provider")))
        return read(content, envelope, addresses)

    def id_of(self, message: int, inbox: str) -> str:
        return message_id(message, inbox.rpartition("@")[2])

    def send(self, outgoing: Outgoing) -> Sent:
        account = outgoing.account
        content = compose(outgoing)
        if account and account.grant:
            return send(content, outgoing, company(account.grant.company).smtp, account.grant)
        speaks = provider_named(account.provider) if account else None
        if account and speaks:
            from towerdesk.channels.email.providers.send import send_by, with_our_mark

            if speaks.sends(account):
                return send_by(speaks, content, outgoing, account)
            content = with_our_mark(speaks, content, self.id_of(outgoing.message, outgoing.inbox))
        return send(content, outgoing, settings.RELAY_URL)

    def fetch(self, file: Remote, account: Account) -> File:
        speaks = provider_named(account.provider)
        if speaks is None:
            raise NotFetched("its provider is no longer connected", later=False)
        return speaks.fetch(file, account)

    def shake(self, incoming: Incoming, account: Account) -> str:
        """Amazon's SNS wants its address visited once."""
        calling.fetch("Amazon", incoming.about, account)
        return "Amazon asked whether its topic may call here, and was told yes."


def _sends(account: Account) -> bool:
    speaks = provider_named(account.provider)
    return bool(speaks and speaks.sends(account))
