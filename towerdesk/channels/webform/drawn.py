"""The page as it was given out: signed, so that when it was drawn and how much work it asks for can be believed later.

The work is Hashcash's (Back, 2002): find a number which, hashed behind the page's key, begins with so many zero bits.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from towerdesk.lib.clock import now
from towerdesk.lib.ids import is_signed, signature

PURPOSE = "webform"
SIGNED = 26  # characters of the signature
SHAPE = re.compile(r"([a-z0-9_-]{1,40})\.([0-9a-f]{24})\.([0-9]{1,2})\.([0-9]{1,12})\.([a-z0-9]{26})")
PROOF = re.compile(r"[0-9]{1,16}")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One page of one form. `key` names it: what is sent with the same key twice is one request."""

    form: str
    key: str
    bits: int  # zero bits that the browser looks for
    at: int  # seconds since the epoch

    @property
    def token(self) -> str:
        said = f"{self.form}.{self.key}.{self.bits}.{self.at}"
        return f"{said}.{signature(PURPOSE, said, SIGNED)}"

    @property
    def age(self) -> timedelta:
        return now() - datetime.fromtimestamp(self.at, tz=now().tzinfo)


def draw(form: str, bits: int) -> Drawn:
    return Drawn(form, secrets.token_hex(12), bits, int(now().timestamp()))


def drawn_before(token: str, form: str) -> Drawn | None:
    """None for a page that we did not give out, or gave out for another form."""
    shape = SHAPE.fullmatch(token)
    if shape is None or shape[1] != form or not is_signed(PURPOSE, token.rpartition(".")[0], shape[5]):
        return None
    return Drawn(shape[1], shape[2], int(shape[3]), int(shape[4]))


def worth(drawn: Drawn, proof: str) -> int:
    """How many zero bits the work found; 0 for what is no work at all."""
    if not PROOF.fullmatch(proof):
        return 0
    digest = hashlib.sha256(f"{drawn.key}:{proof}".encode()).digest()
    return 256 - int.from_bytes(digest, "big").bit_length()
