"""Signed both ways by Standard Webhooks: over id, time and body, five minutes old at the most."""

import base64

from standardwebhooks import Webhook, WebhookVerificationError

from towerdesk.channels.contract import Account
from towerdesk.channels.doors import Call, Forged

ID = "webhook-id"


def check(call: Call, account: Account) -> None:
    """A replay within the five minutes is known by its id."""
    try:
        signer(account).verify(call.body, dict(call.headers), json_parse=False)
    except (WebhookVerificationError, ValueError) as error:
        raise Forged(str(error).lower() or "the signature does not fit") from None


def signer(account: Account) -> Webhook:
    return Webhook(account.get("secret").encode())


def shown(account: Account) -> str:
    """The secret as libraries take it; empty as long as there is none."""
    secret = account.get("secret").encode()
    return f"whsec_{base64.b64encode(secret).decode()}" if secret else ""
