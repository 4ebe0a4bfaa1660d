"""What an inbox's settings are called on screen, and what their values say."""

from collections.abc import Mapping
from typing import Any

from towerdesk.channels.account import KEY as ACCOUNT
from towerdesk.channels.account import PROVIDER
from towerdesk.channels.oauth.keep import KEY as LEAVE
from towerdesk.channels.renewed import KEY as RENEWED
from towerdesk.chats.ways import KEY as CHAT

ELSEWHERE = (ACCOUNT, LEAVE, RENEWED, CHAT)
"""Shown on the inbox's own page, or on its chat's."""
SECRET = ("password", "secret", "token", "key")
"""What a setting's name holds when its value is never shown."""
WORDS = {
    "catch_all": "Mail to unknown addresses",
    "most_per_hour": "From one sender in an hour",
    "waiting_days": "What waits in vain is kept",
    PROVIDER: "Mail comes by",
    "imap host": "Mailbox at",
    "imap user": "Mailbox of",
    "imap password": "Mailbox password",
    "imap port": "Mailbox port",
    "imap tls": "Mailbox secured by",
    "imap folder": "Mailbox folder",
    "imap move_to": "Read mail is moved to",
    "imap only_new": "Older mail",
    "imap every": "Looked into",
}
SAYS: dict[str, dict[bool | str, str]] = {
    "catch_all": {True: "comes in here", False: "is not taken"},
    "imap only_new": {True: "is left alone", False: "is taken in too"},
    "imap tls": {"ssl": "SSL", "starttls": "STARTTLS", "none": "nothing"},
}
UNITS = {"most_per_hour": "{} tickets at most", "waiting_days": "for {} days", "imap every": "every {} seconds"}


def shown(settings: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Names and values as people say them; of a secret only whether it is there."""
    rows: list[tuple[str, str]] = []
    for name, value in settings.items():
        whole = f"{before}{name}"
        if whole in ELSEWHERE:
            continue
        if isinstance(value, Mapping):
            rows += shown(value, f"{whole} ")
        else:
            rows.append((WORDS.get(whole, _named(whole)), _said(whole, value)))
    return rows


def _named(name: str) -> str:
    """A setting that nobody has a word for yet, legible all the same."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _said(name: str, value: Any) -> str:
    if any(word in name.lower() for word in SECRET):
        return "set" if value else "not set"
    if name == "waiting_days" and value == 0:
        return "for good"
    known = SAYS.get(name, {})
    if isinstance(value, (bool, str)) and value in known:
        return known[value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, "", []):
        return "not set"
    said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return UNITS.get(name, "{}").format(said)
