"""How X calls us: it asks for proof that we know the app's secret (CRC), and signs what it brings with it (docs.x.com)."""

import base64
import hashlib
import hmac
import json
import re

from towerdesk.channels.contract import Account
from towerdesk.channels.doors import Answer, Call, Forged
from towerdesk.lib.ids import equal

HEADER = "x-twitter-webhooks-signature"
TOKEN = re.compile(r"[A-Za-z0-9+/=_.-]{1,200}")
"""What a challenge may look like. We sign it with the secret that signs calls, so it must never be a call's body."""


def check(call: Call, account: Account) -> None:
    """X puts no time into what it signs: a replay is known by the ids of what it carries."""
    if not account.get("secret"):
        raise Forged("the app's secret is not known yet")
    if call.method == "GET":
        if not TOKEN.fullmatch(call.query.get("crc_token", "")):
            raise Forged("it is no challenge")
    elif not equal(call.headers.get(HEADER, ""), signed(call.body, account.get("secret"))):
        raise Forged("the signature does not fit")


def answer(call: Call, account: Account) -> Answer:
    told = {"response_token": signed(call.query["crc_token"].encode(), account.get("secret"))}
    return Answer(body=json.dumps(told).encode(), type="application/json")


def signed(what: bytes, secret: str) -> str:
    return f"sha256={base64.b64encode(hmac.new(secret.encode(), what, hashlib.sha256).digest()).decode()}"
