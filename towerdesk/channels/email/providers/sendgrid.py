"""SendGrid: Inbound Parse posts mails as forms and signs nothing; the Event Webhook posts lists, signed by ECDSA if asked to."""

import json
import re
import warnings
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from anymail.backends.sendgrid import EmailBackend
from anymail.exceptions import AnymailNotSupportedWarning
from anymail.webhooks.sendgrid import SendGridInboundWebhookView, SendGridTrackingWebhookView

from towerdesk.channels.contract import Account
from towerdesk.channels.doors import Call, Field, Piece, Step
from towerdesk.channels.email.providers.provider import PASSWORD, Provider, address_with_password, flat, moment, verdict
from towerdesk.channels.email.providers.request import as_request, bytes_of, form

API = "https://api.sendgrid.com/v3/"
SIGNED = "x-twilio-email-event-webhook-timestamp"
PASSED = re.compile(r"@([a-z0-9.-]+)\s*:\s*(pass|fail)", re.IGNORECASE)  # {@lindqvist.example : pass}

# anymail has no account there to test with any more; its reading of what is documented is still what we need
warnings.filterwarnings("ignore", category=AnymailNotSupportedWarning)


class SendGrid(Provider):
    name = "sendgrid"
    title = "SendGrid"
    fields = (
        PASSWORD,
        Field("key", "Verification key of the event webhook", "Settings → Mail Settings → Event Webhook → Signature "
              "Verification. Without it the password in the address is all that is checked.", needed=False),
        Field("token", "API key, if replies shall leave by SendGrid", secret=True, needed=False),
        Field("api", f"Interface, if not {API}", "In the EU https://api.eu.sendgrid.com/v3/", needed=False),
    )  # fmt: skip
    inbound = SendGridInboundWebhookView
    tracking = SendGridTrackingWebhookView
    longest = timedelta(hours=26)  # it tries again for a day
    ours_in = "X-SMTPAPI"

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step("Settings → Inbound Parse: add the domain of this address with the following, and tick “POST the raw, "
                 "full MIME message”.", address_with_password(account)),
            Step("Settings → Mail Settings → Event Webhook: the same address; choose delivered, deferred, bounced, "
                 "dropped and spam reports. Turn signature verification on and paste its key below."),
        )  # fmt: skip

    def view_settings(self, account: Account) -> dict[str, Any]:
        return {**super().view_settings(account), "tracking_webhook_verification_key": account.get("key") or None}

    def is_signed(self, call: Call, account: Account) -> bool:
        return bool(account.get("key")) and not self.is_mail(call)

    def signed_at(self, call: Call) -> datetime | None:
        return moment(call.headers.get(SIGNED))

    def is_mail(self, call: Call) -> bool:
        return call.headers.get("content-type", "").startswith("multipart/form-data")

    def mails(self, call: Call, account: Account) -> list[Piece]:
        given, raw = form(call), bytes_of(call, "email")
        envelope = json.loads(given.get("envelope") or "{}")
        sender = str(envelope.get("from") or "")
        about: dict[str, Any] = {"sender": sender, "to": [str(one) for one in envelope.get("to") or ()]}
        about["verdict"] = _verdict(given, sender)
        if raw is not None:
            return [self.mail(raw, "", raw="yes", **about)]
        [told] = self.inbound(**self.view_settings(account)).parse_events(as_request(call))
        return [self.mail(flat(told.message), "", **about)]

    def event_id(self, told: Mapping[str, Any]) -> str:
        return str(told.get("sg_event_id") or "")

    def sends(self, account: Account) -> bool:
        return bool(account.get("token"))

    def backend(self, account: Account) -> Any:
        return EmailBackend(api_key=account.get("token"), api_url=account.get("api") or API)


def _verdict(given: Mapping[str, str], sender: str) -> str:
    signed = PASSED.findall(given.get("dkim", ""))
    passed = next((one for one in signed if one[1].lower() == "pass"), next(iter(signed), None))
    said = {"spf": (given.get("SPF", ""), sender.rpartition("@")[2])}
    return verdict("sendgrid.net", **said, **({"dkim": (passed[1], passed[0])} if passed else {}))
