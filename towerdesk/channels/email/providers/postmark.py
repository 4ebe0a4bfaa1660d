"""Postmark: one JSON object for each mail and event; it signs nothing, so the address it calls holds a password."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from anymail.backends.postmark import EmailBackend
from anymail.webhooks.postmark import PostmarkInboundWebhookView, PostmarkTrackingWebhookView

from towerdesk.channels.contract import Account
from towerdesk.channels.doors import Call, Field, Piece, Step
from towerdesk.channels.email.providers.provider import PASSWORD, Provider, address_with_password, flat

API = "https://api.postmarkapp.com/"


class Postmark(Provider):
    name = "postmark"
    title = "Postmark"
    fields = (
        PASSWORD,
        Field("token", "Server API token, if replies shall leave by Postmark", secret=True, needed=False),
        Field("stream", "Message stream, if not “outbound”", needed=False),
        Field("api", f"Interface, if not {API}", needed=False),
    )
    inbound = PostmarkInboundWebhookView
    tracking = PostmarkTrackingWebhookView
    headers = {"X-PM-KeepID": "true"}
    ours_in = "X-PM-Metadata-towerdesk"

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step("The inbound stream → Settings → Webhook: the following, and tick “Include raw email content”.",
                 address_with_password(account)),
            Step("Forward this address to the inbound address that Postmark shows there, or point the MX record at it."),
            Step("The transactional stream → Webhooks: the same address for delivery, bounce and spam complaint."),
        )  # fmt: skip

    def is_mail(self, call: Call) -> bool:
        try:
            told = json.loads(call.body)
        except ValueError:
            return False
        return isinstance(told, dict) and told.get("RecordType", "Inbound") == "Inbound" and "FromFull" in told

    def mails(self, call: Call, account: Account) -> list[Piece]:
        """Postmark puts the return path before the headers that came; one that stands further down is the sender's."""
        told = json.loads(call.body)
        first: dict[str, Any] = next(iter(told.get("Headers") or ()), {})
        sender = str(first["Value"]) if str(first.get("Name")).lower() == "return-path" else None
        about: dict[str, Any] = {"sender": sender, "to": [told.get("OriginalRecipient", "")]}
        if "RawEmail" in told:
            return [self.mail(str(told["RawEmail"]).encode(), told["MessageID"], raw="yes", **about)]
        view: Any = self.inbound(**self.view_settings(account))
        return [self.mail(flat(view.esp_to_anymail_event(told).message), told["MessageID"], **about)]

    def event_id(self, told: Mapping[str, Any]) -> str:
        return f"bounce {told['ID']}" if told.get("RecordType") == "Bounce" and "ID" in told else ""

    def sends(self, account: Account) -> bool:
        return bool(account.get("token"))

    def backend(self, account: Account) -> Any:
        stream, api = account.get("stream") or None, account.get("api") or API
        return EmailBackend(server_token=account.get("token"), message_stream=stream, api_url=api)
