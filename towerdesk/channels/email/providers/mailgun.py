"""Mailgun: routes post mails as forms, webhooks post events as JSON; both are signed over a time and a token."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from anymail.backends.mailgun import EmailBackend
from anymail.webhooks.mailgun import MailgunInboundWebhookView, MailgunTrackingWebhookView

from towerdesk.channels.contract import Account
from towerdesk.channels.doors import Call, Field, Piece, Step
from towerdesk.channels.email.providers.provider import Provider, flat, moment
from towerdesk.channels.email.providers.request import as_request, bytes_of, form


class Mailgun(Provider):
    """The signature is not over the body, so the token is what a delivery is known by: none counts twice."""

    name = "mailgun"
    title = "Mailgun"
    fields = (
        Field("key", "HTTP webhook signing key", "Send → Webhooks, at the top.", secret=True),
        Field("token", "Sending key, if replies shall leave by Mailgun", secret=True, needed=False),
        Field("domain", "Sending domain, if it is not that of the address", needed=False),
        Field(
            "api",
            "Interface, if not https://api.mailgun.net/v3",
            "In the EU https://api.eu.mailgun.net/v3",
            needed=False,
        ),
    )
    inbound = MailgunInboundWebhookView
    tracking = MailgunTrackingWebhookView
    by_password = False
    longest = timedelta(hours=9)  # it tries again for eight hours
    ours_in = "X-Mailgun-Variables"

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step("Receive → Routes: make one for this address that forwards to the following. It ends with “mime”, so "
                 "that mails come whole.", f"{account.hook}/mime"),
            Step("Send → Webhooks: add this for delivered, permanent failure, temporary failure and spam complaints.",
                 account.hook),
            Step("Paste the signing key below."),
        )  # fmt: skip

    def view_settings(self, account: Account) -> dict[str, Any]:
        return {**super().view_settings(account), "api_key": None, "webhook_signing_key": account.get("key")}

    def is_mail(self, call: Call) -> bool:
        return not call.headers.get("content-type", "").startswith("application/json")

    def signed_at(self, call: Call) -> datetime | None:
        signed = form(call) if self.is_mail(call) else json.loads(call.body)["signature"]
        return moment(signed.get("timestamp"))

    def mails(self, call: Call, account: Account) -> list[Piece]:
        given, raw = form(call), bytes_of(call, "body-mime")
        about: dict[str, Any] = {"sender": given.get("sender"), "to": [given.get("recipient", "")]}
        if raw is not None:
            return [self.mail(raw, given["token"], raw="yes", **about)]
        [told] = self.inbound(**self.view_settings(account)).parse_events(as_request(call))
        return [self.mail(flat(told.message), given["token"], **about)]

    def event_id(self, told: Mapping[str, Any]) -> str:
        return str(told["signature"]["token"])

    def sends(self, account: Account) -> bool:
        return bool(account.get("token"))

    def backend(self, account: Account) -> Any:
        domain = account.get("domain") or account.address.rpartition("@")[2]
        api = account.get("api") or "https://api.mailgun.net/v3"
        return EmailBackend(api_key=account.get("token"), sender_domain=domain, api_url=api)
