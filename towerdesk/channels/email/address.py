"""Our own addresses and Message-IDs: each is signed, so that what comes back to it is known to be an answer.

    support+t1042.<signature>@roast.example    answers to ticket 1042 (Reply-To)
    support+b77.<signature>@roast.example      what becomes of message 77 (return path, where bounces go)
    <m77.<signature>@roast.example>            message 77 itself (Message-ID)

Nobody can guess one: the signature is an HMAC of 80 bits (`lib.ids`).
"""

import re
from collections.abc import Iterable

from towerdesk.lib.ids import is_signed, signature

LONGEST_LOCAL_PART = 64  # RFC 5321 section 4.5.3.1.1

_MARK = re.compile(r"^[^@]*\+(?P<what>[tb])(?P<id>\d{1,18})\.(?P<signed>[a-z2-7]{12,32})@", re.IGNORECASE)
_OUR_ID = re.compile(r"^m(?P<id>\d{1,18})\.(?P<signed>[a-z2-7]{12,32})@", re.IGNORECASE)
_PURPOSE = {"t": "reply-address", "b": "return-address"}


def reply_address(inbox: str, ticket: int) -> str:
    """Where answers to a ticket come back to."""
    return _marked(inbox, "t", ticket)


def return_address(inbox: str, message: int) -> str:
    """Where a bounce of one message comes back to (a variable envelope return path)."""
    return _marked(inbox, "b", message)


def message_id(message: int, domain: str) -> str:
    """The Message-ID of one of our messages, without < >: always the same for the same message."""
    return f"m{message}.{signature('message-id', str(message))}@{domain}"


def ticket_named(addresses: Iterable[str]) -> int | None:
    """The ticket that one of these addresses is a signed reply address of."""
    return next(iter(_named("t", addresses)), None)


def messages_named(addresses: Iterable[str], ids: Iterable[str]) -> list[int]:
    """Our messages that these return addresses and Message-IDs name, in the given order, each once."""
    from_ids = (_checked(_OUR_ID.match(one), "message-id") for one in ids)
    return list(dict.fromkeys([*_named("b", addresses), *(number for number in from_ids if number is not None)]))


def _marked(inbox: str, what: str, number: int) -> str:
    """The plain inbox address where a long name leaves no room for the mark: threading then rests on the ids."""
    local, _, domain = inbox.rpartition("@")
    marked = f"{local}+{what}{number}.{signature(_PURPOSE[what], str(number))}"
    return f"{marked}@{domain}" if len(marked) <= LONGEST_LOCAL_PART else inbox


def _named(what: str, addresses: Iterable[str]) -> list[int]:
    marks = (_MARK.match(address) for address in addresses)
    numbers = (_checked(mark, _PURPOSE[what]) for mark in marks if mark and mark["what"].lower() == what)
    return [number for number in numbers if number is not None]


def _checked(mark: re.Match[str] | None, purpose: str) -> int | None:
    if mark is None or not is_signed(purpose, str(int(mark["id"])), mark["signed"].lower()):
        return None
    return int(mark["id"])
