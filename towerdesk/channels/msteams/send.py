"""A reply into its conversation, and a question with buttons to whoever decides."""

from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress

from towerdesk.channels.contract import (
    Account,
    Decision,
    FateUnknown,
    File,
    Incoming,
    NotSent,
    Outgoing,
    Sent,
)
from towerdesk.channels.cut import cut
from towerdesk.channels.msteams import api, cards
from towerdesk.channels.msteams.activity import Json, named
from towerdesk.channels.msteams.words import LONGEST, to_html

NOT_CONNECTED = "The app's id or secret is missing: connect the inbox under Settings → Inboxes."
PICTURES = ("image/png", "image/jpeg", "image/gif")
LARGEST = 2**20  # bytes of a picture
NO_FILES = (
    "Microsoft Teams takes from an app only pictures (PNG, JPEG, GIF) of at most 1 MB, and not {}: send a link to it."
)


def send(outgoing: Outgoing) -> Sent:
    """In as few messages as it takes. Of a reply in several the first one's id is kept: reactions and answers name it."""
    account = outgoing.account
    if account is None:
        raise NotSent(NOT_CONNECTED, later=True)
    _can_all_go(outgoing.files)
    conversation = outgoing.conversation or _direct(outgoing, account)
    first = ""
    for activity in _activities(outgoing):
        try:
            id_ = api.post(account, outgoing.way, conversation, activity)
        except NotSent as error:
            if not first:
                raise
            raise FateUnknown(f"Only a part of it went out: {error}") from None
        first = first or named(conversation, id_)
    return Sent("taken", id=first)


def ask(to: str, decision: Decision, account: Account) -> None:
    """In the chat of the app with this one person, who must have the app."""
    api.post(account, "", api.open_chat(account, to), cards.question(decision))


def whisper(incoming: Incoming, sentence: str, account: Account) -> None:
    """A question loses its buttons, and says what became of it; whoever used a menu is told in their own chat."""
    kind, _, value = incoming.whisper.partition(":")
    with suppress(NotSent, FateUnknown):
        if kind == "card" and value:
            way = str(incoming.trust.get("way", ""))
            api.replace(account, way, incoming.conversation, value, cards.answered(sentence))
        elif kind == "person" and value:
            api.post(account, "", api.open_chat(account, value), {"type": "message", "text": sentence})


def _can_all_go(files: Sequence[File]) -> None:
    """Other files would have to lie in somebody's OneDrive first, which only they can allow."""
    for file in files:
        if file.type not in PICTURES or file.size > LARGEST:
            raise NotSent(NO_FILES.format(file.name or "this file"), later=False)


def _activities(outgoing: Outgoing) -> list[Json]:
    """Words and pictures apart: of a message with both Teams makes two, and names neither."""
    texts = [_said(to_html(text)) for text in cut(outgoing.text, LONGEST) if text.strip()]
    found = [*texts, *(_pictured(file) for file in outgoing.files)]
    if not found:
        raise NotSent("There is nothing to send.", later=False)
    return found


def _said(html: str) -> Json:
    return {"type": "message", "textFormat": "xml", "text": html}


def _pictured(file: File) -> Json:
    data = f"data:{file.type};base64,{b64encode(file.content).decode()}"
    return {"type": "message", "attachments": [{"contentType": file.type, "contentUrl": data, "name": file.name}]}


def _direct(outgoing: Outgoing, account: Account) -> str:
    """Without a conversation it goes to the person: `TENANT:USER`."""
    to = next(iter(outgoing.to), "")
    if ":" not in to:
        raise NotSent("Nobody at Microsoft Teams is known to write to.", later=False)
    return api.open_chat(account, to)
