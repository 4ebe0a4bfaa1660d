"""How Meta calls us: it asks once for the verify token, then signs every call (developers.facebook.com, Webhooks)."""

import hashlib
import hmac
from collections.abc import Callable, Sequence

from towerdesk.channels.contract import Account
from towerdesk.channels.doors import Answer, Call, Forged, Heard, Piece
from towerdesk.lib.ids import equal

SIGNATURE = "x-hub-signature-256"


def check(call: Call, account: Account) -> None:
    """Meta puts no time into what it signs: a replay is known by the ids of what it carries."""
    if call.method == "GET":
        if not equal(call.query.get("hub.verify_token", ""), account.get("verify")):
            raise Forged("the verify token does not fit")
        return
    digest = hmac.new(account.get("secret").encode(), call.body, hashlib.sha256).hexdigest()
    if not account.get("secret") or not equal(call.headers.get(SIGNATURE, ""), f"sha256={digest}"):
        raise Forged("the signature does not fit")


def hear(call: Call, pieces: Callable[[bytes], Sequence[Piece]]) -> Heard:
    if call.method == "GET":
        return Heard(answer=Answer(body=call.query.get("hub.challenge", "").encode()))
    return Heard(pieces(call.body))
