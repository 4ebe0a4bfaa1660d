"""An activity of the Bot Framework taken apart: what it is called, where it was said and by whom.

https://github.com/microsoft/botframework-sdk/blob/main/specs/botframework-activity/botframework-activity.md
"""

import hashlib
import json
import mimetypes
from datetime import UTC, datetime, timedelta
from typing import Any

from towerdesk.channels.contract import Remote
from towerdesk.channels.msteams import words
from towerdesk.channels.msteams.verify import tenant

type Json = dict[str, Any]

DOWNLOAD = "application/vnd.microsoft.teams.file.download.info"
THREAD = ";messageid="
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def opened(content: bytes) -> Json:
    """Raises `ValueError`."""
    found = json.loads(content)
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def delivery(told: Json) -> str:
    """The same for a call that is made again: a message and its later edits share an id, but not the time."""
    data = told.get("channelData") or {}
    named = [
        told.get("type"),
        told.get("name"),
        data.get("eventType"),
        where(told),
        told.get("id"),
        told.get("timestamp"),
    ]
    return hashlib.sha256("\n".join(str(one or "") for one in named).encode()).hexdigest() if told.get("id") else ""


def where(told: Json) -> str:
    """The conversation; in a channel with the beginning of the thread."""
    return str((told.get("conversation") or {}).get("id") or "")


def place(conversation: str) -> str:
    """The chat or channel, whatever the thread: the numbers of messages are its own."""
    return conversation.partition(THREAD)[0]


def root(conversation: str) -> str:
    return conversation.partition(THREAD)[2]


def named(conversation: str, id_: object) -> str:
    """One message, as it is known here."""
    return f"{place(conversation)}:{id_}"


def is_personal(told: Json) -> bool:
    return (told.get("conversation") or {}).get("conversationType") == "personal"


def is_answer(told: Json) -> bool:
    """In a thread, below its first message."""
    begun = root(where(told))
    return bool(begun) and begun != str(told.get("id"))


def channel(told: Json) -> str:
    data = told.get("channelData") or {}
    return str((data.get("channel") or {}).get("id") or data.get("teamsChannelId") or place(where(told)))


def sender(told: Json) -> str:
    """A person is known by directory and number there; a guest from nowhere by the number that Teams gave them."""
    who = told.get("from") or {}
    id_ = str(who.get("aadObjectId") or "").lower() or str(who.get("id") or "")
    return f"{tenant(told)}:{id_}" if id_ else ""


def is_bot(told: Json) -> bool:
    who = told.get("from") or {}
    return who.get("role") == "bot" or str(who.get("id") or "").startswith("28:")


def our_names(told: Json) -> list[str]:
    """By which we are called in it."""
    us = str((told.get("recipient") or {}).get("id") or "")
    calls = [one for one in told.get("entities") or [] if isinstance(one, dict) and one.get("type") == "mention"]
    mentioned = [one.get("mentioned") or {} for one in calls]
    return [str(one.get("name") or "").strip() for one in mentioned if us and one.get("id") == us]


def text(told: Json) -> str:
    """Formatted text comes along as HTML, which tells lines, lists and links apart; `text` runs them together."""
    ours = our_names(told)
    for one in told.get("attachments") or []:
        if one.get("contentType") == "text/html" and isinstance(one.get("content"), str):
            return words.from_html(one["content"], ours)
    return words.from_plain(str(told.get("text") or ""), ours)


def files(told: Json) -> list[Remote]:
    given = [one for one in told.get("attachments") or [] if isinstance(one, dict)]
    shared = [one for one in given if one.get("contentType") == DOWNLOAD and one.get("content")]
    pasted = [one for one in given if str(one.get("contentType")).startswith("image/") and one.get("contentUrl")]
    return [
        *(_shared(one, tenant(told)) for one in shared),
        *(picture(str(one["contentUrl"]), number, tenant(told)) for number, one in enumerate(pasted, start=1)),
    ]


def picture(url: str, number: int, of: str) -> Remote:
    """Of which kind it is, is known when it is fetched. `of`: the tenant, whose Graph may have to be asked."""
    return Remote(f"{of} {url}", f"picture-{number}", "image/*")


def moment(given: object, id_: object = "") -> datetime:
    """A message has its time as its number, in milliseconds, which is the same however it is heard. Raises `ValueError`."""
    number = str(id_ or "")
    if number.isdecimal() and len(number) == 13:
        return EPOCH + timedelta(milliseconds=int(number))
    found = datetime.fromisoformat(str(given))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _shared(one: Json, of: str) -> Remote:
    name = str(one.get("name") or "file")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Remote(f"{of} {one['content']['downloadUrl']}", name, kind)
