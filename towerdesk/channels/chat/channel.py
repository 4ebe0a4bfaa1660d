"""The chat on a site, behind the contract. Replies do not travel: one that is sent may be shown by the page."""

from collections.abc import Sequence
from typing import Any

from towerdesk.channels.chat.note import Note, read_note
from towerdesk.channels.contract import Account, Incoming, NotSent, Outgoing, Sent
from towerdesk.channels.doors import Call, Field, Forged, Heard, Step


class ChatChannel:
    name = "chat"
    identity = "chat"
    title = "Chat on your site"
    fields: Sequence[Field] = (
        Field(
            "secret",
            "Secret for signed identity",
            "Your site's server signs with it who its visitor is.",
            secret=True,
            made=True,
        ),
    )

    def ready(self, account: Account | None = None) -> str:
        return ""

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step("Put this line into every page that shall have the chat", script_line(account.hook)),
            Step("To say who is signed in, your server signs with this secret", account.get("secret")),
        )

    def check(self, call: Call, account: Account) -> None:
        raise Forged("the chat has pages of its own")

    def hear(self, call: Call, account: Account) -> Heard:
        return Heard()

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        try:
            return _read(read_note(content))
        except (ValueError, KeyError, TypeError) as error:
            return Incoming(
                identity=self.identity, happening="unknown", said=f"This is no message of the chat: {error}."
            )

    def id_of(self, message: int, inbox: str) -> str:
        return ""

    def send(self, outgoing: Outgoing) -> Sent:
        """Its id names the conversation that may read it: a merge of tickets shows nobody what was said to another."""
        if not outgoing.conversation:
            raise NotSent("Nobody has written in this chat yet, so there is no page to show it on.", later=False)
        return Sent("It shows in the chat.", id=shown_as(outgoing.conversation, outgoing.message))


def shown_as(conversation: str, message: int) -> str:
    return f"{conversation}.{message}"


def written_as(conversation: str, its_id: str) -> str:
    return f"{conversation}:{its_id}"


def script_line(hook: str) -> str:
    """`hook` is https://desk.example/hooks/KEY; the key of a chat is no secret, since every page shows it."""
    return f'<script src="{hook.replace("/hooks/", "/chat/", 1)}.js" async></script>' if hook else ""


def _read(note: Note) -> Incoming:
    who = note.mail or f"site:{note.site}:{note.user}" if note.vouched else note.visitor
    return Incoming(
        sender=who,
        identity="email" if note.vouched and note.mail else "chat",
        sender_name=note.name or f"Visitor {note.visitor[:4]}",
        conversation=note.visitor,
        at=note.at,
        text=note.text,
        visible=note.text,
        external_id=written_as(note.visitor, note.id),
        trust=_trust(note),
        files=note.files,
    )


def _trust(note: Note) -> dict[str, Any]:
    if note.vouched:
        return {"verified": True, "sentence": f"The site vouches for user {note.user}."}
    trust: dict[str, Any] = {"verified": False, "sentence": note.trouble}
    return trust | ({"reply_to": note.mail} if note.mail else {})
