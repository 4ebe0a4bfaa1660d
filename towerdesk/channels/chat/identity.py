"""Who a visitor is, as the host site says: an HMAC over the user's id and mail with the inbox's secret.

HMAC-SHA256(secret, "<id>\\n<mail>\\n<at>") in hex; `at` is the Unix time at which the site's server signed it
"""

import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from towerdesk.lib.ids import equal
from towerdesk.lib.text import one_line, storable

OLDEST = 24 * 3600  # seconds: a page may stay open for a working day
AHEAD = 300  # seconds that the site's clock may be fast


@dataclass(frozen=True, slots=True)
class Claim:
    """`trouble` is empty when the site vouches for it, else one sentence; then nothing of it may be believed."""

    user: str
    mail: str
    name: str
    trouble: str = ""


def signed(secret: str, user: str, mail: str, at: int) -> str:
    """What the host site's server puts beside `id`, `mail` and `at`."""
    return hmac.new(secret.encode(), f"{user}\n{mail}\n{at}".encode(), hashlib.sha256).hexdigest()


def check_claim(said: Mapping[str, Any], secret: str, at: float | None = None) -> Claim:
    """Never raises, whatever a page sends."""
    user, mail = _word(said, "id", 120), _word(said, "mail", 320).lower()
    stamp = _word(said, "at", 20)
    right = signed(secret, user, _word(said, "mail", 320), int(stamp)) if stamp.isdecimal() and secret else ""
    if not user or not equal(_word(said, "hash", 128).lower(), right):
        return Claim(user, mail, "", f"Says to be user {user or 'nobody'} of the site, but the signature does not fit.")
    age = (time.time() if at is None else at) - int(stamp)
    if not -AHEAD <= age <= OLDEST:
        return Claim(user, mail, "", f"Says to be user {user} of the site, but that was signed too long ago.")
    return Claim(user, mail if "@" in mail else "", _word(said, "name", 120))


def _word(said: Mapping[str, Any], name: str, most: int) -> str:
    value = said.get(name, "")
    return one_line(storable(str(value)), most) if isinstance(value, (str, int)) else ""
