"""Brevo: mails as JSON whose files are fetched later by a token; events one by one. It signs nothing: a password it is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from anymail.backends.brevo import EmailBackend
from anymail.webhooks.brevo import BrevoInboundWebhookView, BrevoTrackingWebhookView

from towerdesk.channels import calling
from towerdesk.channels.contract import Account, NotFetched, Remote
from towerdesk.channels.doors import Call, Field, Piece, Step
from towerdesk.channels.email.providers.provider import PASSWORD, Provider, address_with_password, flat

API = "https://api.brevo.com/v3/"


@dataclass(frozen=True, slots=True)
class Fetched:
    name: str
    type: str
    content: bytes
    content_id: str = ""
    inline: bool = False

    @property
    def size(self) -> int:
        return len(self.content)


class Brevo(Provider):
    """There are no whole mails to be had, so nobody can check their signatures any more."""

    name = "brevo"
    title = "Brevo"
    fields = (
        PASSWORD,
        Field("token", "API key", "For the files of mails. Replies leave by it, too, unless that is switched off below.",
              secret=True),
        Field("relay", "Write “yes” if replies shall leave by the mail relay all the same", needed=False),
        Field("api", "Interface, if not https://api.brevo.com/v3/", needed=False),
    )  # fmt: skip
    inbound = BrevoInboundWebhookView
    tracking = BrevoTrackingWebhookView
    ours_in = "X-Mailin-custom"

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step("Make an inbound webhook by Brevo's API (POST /v3/webhooks with type “inbound”, event "
                 "“inboundEmailProcessed” and the domain of this address) that calls the following.",
                 address_with_password(account)),
            Step("Transactional → Settings → Webhook: the same address for delivered, deferred, hard and soft bounce, "
                 "blocked, invalid, error and complaint."),
        )  # fmt: skip

    def view_settings(self, account: Account) -> dict[str, Any]:
        return {**super().view_settings(account), "api_key": account.get("token")}

    def is_mail(self, call: Call) -> bool:
        try:
            told = json.loads(call.body)
        except ValueError:
            return False
        return isinstance(told, dict) and "items" in told

    def mails(self, call: Call, account: Account) -> list[Piece]:
        return [self._mail(item, account) for item in json.loads(call.body)["items"]]

    def _mail(self, item: Mapping[str, Any], account: Account) -> Piece:
        """Without its files, which anymail would fetch here and now, past our own door to the outside."""
        view: Any = self.inbound(**self.view_settings(account))
        event = view.esp_to_anymail_event({**item, "Attachments": []})
        remote = [
            {"ref": one["DownloadToken"], "name": one.get("Name") or "file", "type": one.get("ContentType") or "",
             "size": one.get("ContentLength") or 0}
            for one in item.get("Attachments") or ()
        ]  # fmt: skip
        message = event.message
        to = [message.envelope_recipient or "", *(str(one.get("Address", "")) for one in item.get("Recipients") or ()
              if isinstance(one, dict))]  # fmt: skip
        return self.mail(
            flat(message), event.event_id or "", sender=message.envelope_sender, to=to, remote=json.dumps(remote)
        )

    def fetch(self, file: Remote, account: Account) -> Fetched:
        url = f"{account.get('api') or API}inbound/attachments/{quote(file.ref, safe='')}"
        said = calling.fetch("Brevo", url, account, headers={"api-key": account.get("token")})
        if not said.body and file.size:
            raise NotFetched("Brevo gives an empty file", later=True)
        return Fetched(file.name, said.headers.get("content-type", "").split(";")[0] or file.type, said.body)

    def sends(self, account: Account) -> bool:
        return not account.get("relay")

    def backend(self, account: Account) -> Any:
        return EmailBackend(api_key=account.get("token"), api_url=account.get("api") or API)
