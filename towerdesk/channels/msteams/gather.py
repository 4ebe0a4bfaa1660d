"""The thread that somebody turns into a ticket, as arrivals like any; or what there is of it without Graph."""

import json
from collections.abc import Sequence

from towerdesk.channels.contract import Account, Incoming, NotFetched
from towerdesk.channels.doors import Piece
from towerdesk.channels.msteams import api
from towerdesk.channels.msteams.activity import Json, files, opened, place, root, text
from towerdesk.channels.msteams.read import HISTORY, pictures_of, text_of


def gather(incoming: Incoming, account: Account) -> Sequence[Piece]:
    """Raises `NotFetched` while trying again may help. Without the consent to read the thread, the message that was
    pointed at begins the ticket, and says what is missing.
    """
    pointed = opened(incoming.text.encode())
    found, missed = _thread(pointed, incoming.conversation, account)
    told: list[Json] = [{"message": one} for one in found if not _left_out(one, account)]
    own: Json = {name: pointed[name] for name in ("message", "activity") if name in pointed}
    if not any(_number(one) == _number(own) for one in told) and _has_words(own):
        told.append(own)
    return [
        _piece(incoming.conversation, pointed, one, account, opens=number == 0, missed=missed)
        for number, one in enumerate(told)
    ]


def _thread(pointed: Json, conversation: str, account: Account) -> tuple[list[Json], str]:
    """Its messages, and why there are none. A chat has no threads: there only what was pointed at is meant."""
    begun = root(conversation)
    if not begun or not pointed.get("channel"):
        return [], ""
    try:
        group = str(pointed.get("group") or "") or _group(pointed, account)
        return api.thread(account, str(pointed["tenant"]), group, str(pointed["channel"]), begun), ""
    except NotFetched as error:
        if error.later:
            raise
        return [], "" if begun == _number(pointed) else "the app may not read it"


def _group(pointed: Json, account: Account) -> str:
    team = str(pointed.get("team") or "")
    found = api.group_of(account, str(pointed.get("serviceUrl") or ""), team) if team else ""
    if not found:
        raise NotFetched("the team is not known", later=False)
    return found


def _left_out(message: Json, account: Account) -> bool:
    """Notices, what is deleted, what we said ourselves, and what says nothing but our name."""
    us = account.get("app").lower()
    writer = ((message.get("from") or {}).get("application") or {}).get("id")
    spoken = message.get("messageType") in (None, "message") and not message.get("deletedDateTime")
    says = text_of(message, us) or pictures_of(message, "")
    return not message.get("id") or not spoken or not says or writer == us


def _has_words(own: Json) -> bool:
    return "message" in own or bool(text(own["activity"]) or files(own["activity"]))


def _number(told: Json) -> str:
    return str((told.get("message") or told.get("activity") or {}).get("id") or "")


def _piece(conversation: str, pointed: Json, one: Json, account: Account, *, opens: bool, missed: str) -> Piece:
    """Stored once, however often and from wherever in the thread somebody turns it into a ticket."""
    told = {
        "type": HISTORY,
        "conversation": conversation,
        "tenant": pointed["tenant"],
        "app": account.get("app").lower(),
    }
    told |= {"serviceUrl": pointed.get("serviceUrl"), "opens": opens, "missed": missed if opens else "", **one}
    return Piece(json.dumps(told).encode(), id=f"history:{place(conversation)}:{_number(one)}")
