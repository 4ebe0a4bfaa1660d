"""What Twilio signs: the address that it called, then every field's name and value in the order of the names.

HMAC-SHA1 with the account's auth token (twilio.com/docs/usage/security#validating-requests). Twilio's own library does
the same; decision 0034 says why it is not used.
"""

import base64
import hashlib
import hmac
from urllib.parse import parse_qsl

from towerdesk.channels.contract import Account
from towerdesk.channels.doors import Call, Forged
from towerdesk.lib.ids import equal

HEADER = "x-twilio-signature"
MOST_FIELDS = 400


def check(call: Call, account: Account) -> None:
    """Twilio puts no time into what it signs: a replay is known by the id of its message."""
    fields = form(call.body) if call.method == "POST" else []
    if not account.get("token") or not equal(
        call.headers.get(HEADER, ""), signature(call.url, fields, account.get("token"))
    ):
        raise Forged("the signature does not fit")


def signature(url: str, fields: list[tuple[str, str]], token: str) -> str:
    """A name that is given twice counts with each of its different values, in their order."""
    told = "".join(name + value for name, value in sorted(set(fields)))
    digest = hmac.new(token.encode(), (url + told).encode("utf-8", "replace"), hashlib.sha1)
    return base64.b64encode(digest.digest()).decode()


def form(body: bytes) -> list[tuple[str, str]]:
    """Raises `ValueError` for what is none."""
    return parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
