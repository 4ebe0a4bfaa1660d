"""What all mail providers have in common: a call is checked by anymail's view, then taken apart into mails and events."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.encoders import encode_base64
from email.message import Message
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from anymail.exceptions import AnymailError
from anymail.signals import AnymailTrackingEvent
from anymail.webhooks.base import AnymailCoreWebhookView

from towerdesk.channels.contract import Account, File, NotFetched, Remote
from towerdesk.channels.doors import Call, Field, Forged, Heard, Nameless, Piece, Step
from towerdesk.channels.email.providers.request import as_request
from towerdesk.lib.clock import now
from towerdesk.lib.text import one_line

OURS = "towerdesk"
"""Under this name a mail that leaves carries its Message-ID along: providers give it back with every event."""
USER = "towerdesk"  # of Basic authentication, in the address that a provider calls
PASSWORD = Field("password", "Password of the calls", secret=True, made=True)
DOMAIN = re.compile(r"[a-z0-9.-]+")


class Odd(Exception):
    """It can't be taken for a mail or an event; its text is a sentence."""


class Provider:
    """One for all inboxes: secrets come with each call's `Account`, never from settings."""

    name: ClassVar[str]
    title: ClassVar[str]
    fields: Sequence[Field]
    inbound: type[AnymailCoreWebhookView]
    tracking: type[AnymailCoreWebhookView]
    by_password = True  # calls carry the password of their address; else a signature alone
    longest = timedelta(0)  # how old what is signed may be; nothing: its signature has no time
    headers: ClassVar[Mapping[str, str]] = {}  # for mails that leave, such as one that lets them keep our Message-ID
    ours_in: ClassVar[str] = ""  # the header in which mails that leave by SMTP carry `OURS`

    def steps(self, account: Account) -> Sequence[Step]:
        raise NotImplementedError

    # Who calls

    def check(self, call: Call, account: Account) -> None:
        if any(one.needed and not account.get(one.name) for one in self.fields):
            raise Forged("the inbox is not connected yet")
        if self.by_password and "authorization" not in call.headers:
            raise Nameless("no password")
        view = (self.inbound if self.is_mail(call) else self.tracking)(**self.view_settings(account))
        try:
            view.run_validators(as_request(call))
        except AnymailError as error:
            raise Forged(one_line(str(error), 200)) from None
        if self.longest and self.is_signed(call, account):
            signed_at = self.signed_at(call)
            if signed_at is None or abs(now() - signed_at) > self.longest:
                raise Forged("it was signed too long ago")

    def view_settings(self, account: Account) -> dict[str, Any]:
        """All that anymail would otherwise look for in the settings of the whole site."""
        return {"webhook_secret": [f"{USER}:{account.get('password')}"] if self.by_password else []}

    def is_signed(self, call: Call, account: Account) -> bool:
        return True

    def signed_at(self, call: Call) -> datetime | None:
        return None

    # What it brings

    def hear(self, call: Call, account: Account) -> Heard:
        """What can't be taken apart is kept whole, and said to be that: it is not a mail."""
        try:
            return Heard(self.mails(call, account) if self.is_mail(call) else self.events(call))
        except Odd as error:
            why = str(error)
        except (AnymailError, ValueError, LookupError, TypeError, AttributeError) as error:
            why = f"{self.title} sent what can't be read as a mail or an event ({type(error).__name__})."
        return Heard([Piece(call.body, digest(call.body), {"provider": self.name, "odd": why})])

    def is_mail(self, call: Call) -> bool:
        """Or else it tells of mails of ours. Asked before the call is checked; never raises."""
        raise NotImplementedError

    def mails(self, call: Call, account: Account) -> list[Piece]:
        raise NotImplementedError

    def events(self, call: Call) -> list[Piece]:
        told = json.loads(call.body)
        return [self.event(one) for one in (told if isinstance(told, list) else [told])]

    def event(self, told: Mapping[str, Any]) -> Piece:
        content = json.dumps(told, sort_keys=True).encode()
        return Piece(content, self.event_id(told) or digest(content), {"provider": self.name, "event": "yes"})

    def event_id(self, told: Mapping[str, Any]) -> str:
        """The provider's; empty when it has none, so that only the very same words are the same event."""
        return ""

    def mail(
        self, content: bytes, id_: str, *, sender: str | None = None, to: Sequence[str] = (), **more: str
    ) -> Piece:
        """`more`: `raw` when these are the very bytes that came, `verdict` (RFC 8601), `remote` files as JSON."""
        envelope = {"provider": self.name, "to": ", ".join(filter(None, to)), **more}
        if sender is not None:
            envelope["from"] = sender.strip().strip("<>")
        return Piece(content, f"mail {id_ or digest(content)}", envelope)

    # What an event says, read later and without secrets

    def told(self, event: Mapping[str, Any]) -> Sequence[AnymailTrackingEvent]:
        view: Any = self.tracking(**self.view_settings(NOBODY))
        return [view.esp_to_anymail_event(event)]

    def ids(self, event: Mapping[str, Any], told: AnymailTrackingEvent) -> list[str]:
        """What may be our Message-ID, the surest first."""
        metadata = told.metadata if isinstance(told.metadata, dict) else {}
        return [str(one).strip("<> ") for one in (metadata.get(OURS), told.message_id) if one]

    def asks_to_confirm(self, event: Mapping[str, Any]) -> str:
        """The address to visit when the provider asks whether its calls are wanted; empty when it does not."""
        return ""

    # Files that a mail only names

    def fetch(self, file: Remote, account: Account) -> File:
        raise NotFetched(f"{self.title} has no files to fetch", later=False)

    # Sending by its interface

    def sends(self, account: Account) -> bool:
        """Or else replies leave by the mail relay."""
        return False

    def backend(self, account: Account) -> Any:
        """anymail's, asked for only when it `sends`."""
        raise NotImplementedError


NOBODY = Account(0, "")


def flat(message: Message) -> bytes:
    """A mail that anymail put together. Its files are bytes without a transfer encoding, whose ends of line would change."""
    for part in message.walk():
        if not part.is_multipart() and part["Content-Transfer-Encoding"] is None:
            encode_base64(part)
    return message.as_bytes()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def address_with_password(account: Account) -> str:
    """https://towerdesk:PASSWORD@desk.example/hooks/KEY, for providers that sign nothing."""
    parts = urlsplit(account.hook)
    return urlunsplit(parts._replace(netloc=f"{USER}:{account.get('password')}@{parts.netloc}"))


def moment(seconds: object) -> datetime | None:
    """Since 1970."""
    try:
        return datetime.fromtimestamp(float(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def verdict(server: str, **said: tuple[str, str]) -> str:
    """Authentication-Results (RFC 8601) of what a provider says beside the mail: method → (result, domain).

    Only letters, digits, dots and dashes get in: a sender chooses their own domain, and shall add no verdict with it.
    """
    names = {"spf": "smtp.mailfrom", "dkim": "header.d", "dmarc": "header.from"}
    parts = [server]
    for method, (result, domain) in said.items():
        result, domain = result.strip().lower(), domain.strip().lower()
        about = f" {names[method]}={domain}" if DOMAIN.fullmatch(domain) else ""
        if result.isalpha():
            parts.append(f"{method}={result}{about}")
    return "; ".join(parts)
