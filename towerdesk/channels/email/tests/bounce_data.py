"""What the bounces of the sisimai corpus are, and how near `read_bounce` comes."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from tests.data import data
from towerdesk.channels.email.bounce import read_bounce
from towerdesk.channels.email.mail import Bounce, Bounced
from towerdesk.channels.email.parse import parse

NO_BOUNCES = ("arf-", "rfc3834-")  # complaints and holiday notes lie in the same folder

# Where a notice gives no code the corpus writes a number of its own (5.0.9xx). There the class and the reason count.
SAME_REASON = {
    "userunknown": {"unknown_user"},
    "hostunknown": {"unknown_host"},
    "mailboxfull": {"mailbox_full"},
    "filtered": {"refused", "unknown_user", "policy", "disabled", "spam", "undefined"},
    "expired": {"expired", "network"},
    "suspend": {"disabled"},
    "blocked": {"blocked", "too_fast"},
    "requireptr": {"blocked"},
    "systemerror": {"system", "network"},
    "mailererror": {"system"},
    "rejected": {"refused", "policy"},
    "onhold": {"undefined", "system", "policy"},
    "undefined": {"undefined"},
}


@dataclass
class Measured:
    number: int = 0
    missed: list[str] = field(default_factory=list)
    statuses: int = 0
    wrong: list[str] = field(default_factory=list)
    coded: int = 0  # statuses that the notice itself gives
    wrong_code: list[str] = field(default_factory=list)
    without_recipient: list[str] = field(default_factory=list)


def bounce_in(file: Path) -> Bounce | None:
    raw = file.read_bytes()
    return read_bounce(parse(raw), raw)


def measure() -> Measured:
    folder = data("email-bounces-sisimai")
    expected = json.loads((folder / "expected.json").read_text())
    found = Measured()
    for file in sorted((folder / "bounces").glob("*.eml")):
        if not file.name.startswith(NO_BOUNCES):
            add(found, file, expected.get(file.name, []))
    return found


def add(found: Measured, file: Path, expected: list[dict]) -> None:
    found.number += 1
    bounce = bounce_in(file)
    failed = bounce.failed if bounce else []
    found.missed += [] if bounce else [file.name]
    found.without_recipient += [file.name] if bounce and not all(one.recipient for one in failed) else []
    for wanted in expected:
        right = any(is_right(one, wanted) for one in failed)
        found.statuses += 1
        found.wrong += [] if right else [file.name]
        if not made_up(wanted["status"]):
            found.coded += 1
            found.wrong_code += [] if right else [file.name]


def made_up(status: str) -> bool:
    return status[2:5] == "0.9"


def is_right(one: Bounced, wanted: dict) -> bool:
    if not made_up(wanted["status"]):
        return one.status == wanted["status"]
    return one.status[0] == wanted["status"][0] and one.reason in SAME_REASON[wanted["reason"]]
