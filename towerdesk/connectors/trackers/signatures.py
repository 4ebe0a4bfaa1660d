"""The two ways in which trackers sign their calls, both over the very bytes that came and compared in constant time."""

import hashlib
import hmac

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from towerdesk.connectors.trackers.contract import Call, Forged
from towerdesk.lib.ids import equal


def hub(call: Call, header: str, secret: str) -> None:
    """`sha256=HEX` of an HMAC-SHA256 of the body (WebSub, as GitHub and Jira Cloud do it). It holds no time."""
    if not secret:
        raise Forged("no webhook secret is set here")
    digest = hmac.new(secret.encode(), call.body, hashlib.sha256).hexdigest()
    if not equal(call.headers.get(header, ""), f"sha256={digest}"):
        raise Forged("the signature does not fit the webhook secret")


def standard(call: Call, secret: str) -> None:
    """Standard Webhooks, as GitLab's signing tokens do it: id, time and body are signed; older than five minutes is refused."""
    try:
        Webhook(secret).verify(call.body, dict(call.headers))
    except WebhookVerificationError as error:
        raise Forged(str(error) or "the signature does not fit the signing token") from None
    except ValueError:  # a secret that is no base64
        raise Forged("the signing token that is set here can't be read") from None
    except Exception as error:
        if "JSON" in type(error).__name__:  # it parses what it has verified
            return
        raise
