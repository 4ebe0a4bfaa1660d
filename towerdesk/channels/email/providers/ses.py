"""Amazon SES, which calls by its notification service SNS: a mail or an event inside a notification."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from anymail.signals import AnymailTrackingEvent, EventType
from anymail.webhooks.amazon_ses import AmazonSESInboundWebhookView, AmazonSESTrackingWebhookView

from towerdesk.channels.contract import Account
from towerdesk.channels.doors import Call, Field, Forged, Piece, Step
from towerdesk.channels.email.providers.provider import NOBODY, PASSWORD, Odd, Provider, address_with_password, verdict
from towerdesk.lib.ids import equal

OWN_HEADER = "x-towerdesk-id"
SNS = re.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
RESULTS = {"PASS": "pass", "FAIL": "fail", "GRAY": "none", "PROCESSING_FAILED": "temperror", "DISABLED": "none"}


class AmazonSes(Provider):
    """Trusted are calls with the password, of one topic; whoever has another topic has not got the password either."""

    name = "ses"
    title = "Amazon SES"
    fields = (
        PASSWORD,
        Field("topic", "ARN of the SNS topic", "arn:aws:sns:eu-central-1:123456789012:support. Calls of others are "
              "turned away."),
    )  # fmt: skip
    inbound = AmazonSESInboundWebhookView
    tracking = AmazonSESTrackingWebhookView

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step("SNS: make a topic, and paste its ARN below first: the desk confirms subscriptions of that topic alone."),
            Step("Subscribe this to it by HTTPS, with raw message delivery off.", address_with_password(account)),
            Step("SES → Email receiving: a rule for this address with the action “Publish to Amazon SNS topic”, encoding "
                 "Base64. SNS takes mails of up to 150 kB; SES refuses larger ones."),
            Step("SES → Configuration sets → Event destinations: the same topic for deliveries, delivery delays, bounces, "
                 "rejects and complaints; let notifications include the original headers."),
        )  # fmt: skip

    def view_settings(self, account: Account) -> dict[str, Any]:
        return {**super().view_settings(account), "auto_confirm_sns_subscriptions": False}

    def check(self, call: Call, account: Account) -> None:
        super().check(call, account)
        if not equal(str(json.loads(call.body).get("TopicArn", "")), account.get("topic")):
            raise Forged("it is of another topic")

    def is_mail(self, call: Call) -> bool:
        try:
            told = json.loads(json.loads(call.body)["Message"])
            return bool(told.get("notificationType") == "Received")
        except (ValueError, LookupError, TypeError, AttributeError):
            return False

    def mails(self, call: Call, account: Account) -> list[Piece]:
        told = json.loads(json.loads(call.body)["Message"])
        action, mail = told["receipt"]["action"], told["mail"]
        if action.get("type") != "SNS" or not told.get("content"):
            raise Odd(
                "Amazon SES tells of a mail and does not bring it: let the rule publish to SNS, with the content."
            )
        base64_ = action.get("encoding") == "BASE64"
        content = base64.b64decode(told["content"]) if base64_ else str(told["content"]).encode("utf-8")
        sender = str(mail.get("source") or "")
        to = [str(one) for one in told["receipt"].get("recipients") or ()]
        return [self.mail(content, mail["messageId"], sender=sender, to=to, raw="yes", verdict=_verdict(told))]

    def events(self, call: Call) -> list[Piece]:
        return [self.event(json.loads(call.body))]

    def event_id(self, told: Mapping[str, Any]) -> str:
        return str(told["MessageId"])

    def told(self, event: Mapping[str, Any]) -> Sequence[AnymailTrackingEvent]:
        view: Any = self.tracking(**self.view_settings(NOBODY))
        said = json.loads(event["Message"])
        return [_delayed(one, said) for one in view.esp_to_anymail_events(said, event)]

    def ids(self, event: Mapping[str, Any], told: AnymailTrackingEvent) -> list[str]:
        """SES gives mails an id of its own: our own header says which one it was."""
        mail = json.loads(event["Message"]).get("mail") or {}
        ours = [one["value"] for one in mail.get("headers") or () if one["name"].lower() == OWN_HEADER]
        return [*(str(one).strip("<> ") for one in ours), *super().ids(event, told)]

    def asks_to_confirm(self, event: Mapping[str, Any]) -> str:
        """Only an address of Amazon's own."""
        url = str(event.get("SubscribeURL") or "") if event.get("Type") == "SubscriptionConfirmation" else ""
        parts = urlsplit(url)
        return url if parts.scheme == "https" and SNS.fullmatch(parts.netloc) else ""


def _delayed(one: AnymailTrackingEvent, said: Mapping[str, Any]) -> AnymailTrackingEvent:
    """anymail does not know this kind yet."""
    if said.get("eventType") == "DeliveryDelay":
        one.event_type = EventType.DEFERRED
        one.description = str((said.get("deliveryDelay") or {}).get("delayType") or "")
    return one


def _verdict(told: Mapping[str, Any]) -> str:
    """DKIM is told without its domain, so of the two only SPF and DMARC say who vouches."""
    receipt, mail = told["receipt"], told["mail"]
    header_from = str((mail.get("commonHeaders") or {}).get("from", [""])[0]).rpartition("@")[2].strip("> ")

    def said(name: str) -> str:
        return RESULTS.get(str((receipt.get(name) or {}).get("status")), "none")

    return verdict(
        "amazonses.com",
        spf=(said("spfVerdict"), str(mail.get("source") or "").rpartition("@")[2]),
        dkim=(said("dkimVerdict"), ""),
        dmarc=(said("dmarcVerdict"), header_from),
    )
