"""Who calls, as far as the network says: a number, or a word that stands for a withheld one; and how sure it is."""

import re
from collections.abc import Mapping
from typing import Any

from towerdesk.channels.contract import Account

E164 = re.compile(r"\+[1-9][0-9]{4,14}")
KEYS = {letter: key for key, letters in enumerate("abc def ghi jkl mno pqrs tuv wxyz".split(), 2) for letter in letters}
WORDS = ("anonymous", "restricted", "blocked", "unknown", "unavailable", "private")
WITHHELD = frozenset("+" + "".join(f"{KEYS[letter]}" for letter in word) for word in WORDS)
"""Twilio spells these words on a telephone's keys, so that they look like numbers: +266696687 is ANONYMOUS."""
NOBODY = "Withheld number"


def number_of(said: Mapping[str, str]) -> str:
    """In E.164; empty when it is withheld, or no telephone's (`sip:…`, `client:…`)."""
    given = said.get("From", "").strip()
    return given if E164.fullmatch(given) and given not in WITHHELD else ""


def number_in(account: Account, name: str) -> str:
    """A field that holds a number; whoever wants none any more writes a word there."""
    given = account.get(name)
    return given if E164.fullmatch(given) else ""


def trust_of(said: Mapping[str, str]) -> tuple[dict[str, Any], bool]:
    """What is shown of it, and whether a check of the number was made and failed.

    Anybody's telephone system can show any number. Only a network that signs for it (STIR/SHAKEN, grade A: its own
    customer, its own number) makes it proof of who calls (twilio.com/docs/voice/trusted-calling-with-shakenstir).
    """
    verdict = said.get("StirVerstat", "")
    if verdict.startswith("TN-Validation-Passed-A"):
        return {"verified": True, "sentence": "the network signs for the number"}, False
    if verdict.startswith("TN-Validation-Failed"):
        return {"verified": False, "sentence": "the network says that this number is made up"}, True
    return {"verified": False, "sentence": "no network signs for the number"}, False
