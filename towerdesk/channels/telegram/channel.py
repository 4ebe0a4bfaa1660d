"""Telegram as a channel: its hook, its messages, its replies."""

import json
from collections.abc import Sequence
from typing import Any

from towerdesk.channels.calling import Upload
from towerdesk.channels.contract import (
    Account,
    FateUnknown,
    Incoming,
    NotFetched,
    NotSent,
    Outgoing,
    Remote,
    Sent,
)
from towerdesk.channels.cut import cut, units
from towerdesk.channels.doors import Answer, Call, Field, Forged, Heard, Piece, Step
from towerdesk.channels.fetched import Fetched
from towerdesk.channels.telegram import api
from towerdesk.channels.telegram.read import read
from towerdesk.lib.ids import equal

SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of the header
KINDS = ("message", "edited_message", "callback_query")
LONGEST, LONGEST_CAPTION = 4096, 1024  # UTF-16 code units of one message, and beneath a file
NO_TOKEN = "The bot's token is missing: connect the inbox under Settings → Inboxes."  # noqa: S105 - a sentence


class TelegramChannel:
    name = "telegram"
    identity = "telegram"
    title = "Telegram"
    fields: Sequence[Field] = (
        Field("token", "Token of the bot", "BotFather shows it when the bot is made.", secret=True),
        Field("secret", "Secret", "Telegram sends it along with every call.", secret=True, made=True),
        Field("groups", "Groups", "Write tickets, and each group is a conversation. Empty: set aside.", needed=False),
        Field("server", "Bot API server", f"Only for one of your own; empty: {api.SERVER}.", needed=False),
    )

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step("In Telegram, write to @BotFather and make a bot; it answers with a token.", "/newbot"),
            Step("If it shall read groups, switch its privacy off there.", "/setprivacy"),
            Step("Enter the token here and connect: the desk tells Telegram this address by itself.", account.hook),
        )

    def introduce(self, account: Account) -> str:
        return f"Connected to @{api.introduce(account, KINDS)}: write to it to try it out."

    def check(self, call: Call, account: Account) -> None:
        """Telegram signs nothing, it repeats our secret; a replay is known by the number of its update."""
        if not equal(call.headers.get(SECRET, ""), account.get("secret")):
            raise Forged("the secret token does not fit")

    def hear(self, call: Call, account: Account) -> Heard:
        update = json.loads(call.body)
        return Heard([Piece(call.body, id=str(update["update_id"]))], _answer(update))

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        return read(content, groups=envelope.get("account", {}).get("groups") == "tickets")

    def fetch(self, file: Remote, account: Account) -> Fetched:
        if file.size > api.MOST:
            raise NotFetched(f"it has more than {api.MOST // 2**20} MB", later=False)
        return Fetched(file.name, file.type, api.fetch(account, file.ref))

    def ready(self, account: Account | None = None) -> str:
        return "" if account and account.get("token") else NO_TOKEN

    def id_of(self, message: int, inbox: str) -> str:
        return ""

    def send(self, outgoing: Outgoing) -> Sent:
        """In as few messages as it takes; with one file its text is the caption. What is answered is quoted, if it can be."""
        account, chat, topic = outgoing.account, *_where(outgoing)
        if account is None:
            raise NotSent(NO_TOKEN, later=True)
        where = {"chat_id": chat} | ({"message_thread_id": int(topic)} if topic else {})
        last: dict[str, Any] = {}
        for number, (text, file) in enumerate(_parts(outgoing)):
            try:
                last = _send(account, where | (_quoting(outgoing) if number == 0 else {}), text, file)
            except NotSent as error:
                if number == 0:
                    raise
                raise FateUnknown(f"Only the first {number} of its parts went out: {error}") from None
        return Sent("taken", id=f"{chat}:{last.get('message_id', '')}")


def _answer(update: dict[str, Any]) -> Answer:
    """A pressed button turns in circles until it is told that it was heard: that can be said in the answer to the call."""
    query = update.get("callback_query")
    if not isinstance(query, dict):
        return Answer()
    told = {"method": "answerCallbackQuery", "callback_query_id": query.get("id")}
    return Answer(body=json.dumps(told).encode(), type="application/json")


def _where(outgoing: Outgoing) -> tuple[int, str]:
    """A private chat has the number of the person."""
    chat, _, topic = (outgoing.conversation or next(iter(outgoing.to), "")).partition(":")
    try:
        return int(chat), topic
    except ValueError:
        raise NotSent("Nobody's number at Telegram is known to write to.", later=False) from None


def _quoting(outgoing: Outgoing) -> dict[str, Any]:
    chat, _, message = outgoing.answers.rpartition(":")
    if not message.isdecimal() or chat != outgoing.conversation.partition(":")[0]:
        return {}
    return {"reply_parameters": {"message_id": int(message), "allow_sending_without_reply": True}}


def _parts(outgoing: Outgoing) -> list[tuple[str, Upload | None]]:
    files: list[Upload] = [(file.name, file.content, file.type) for file in outgoing.files]
    if len(files) == 1 and units(outgoing.text) <= LONGEST_CAPTION:
        return [(outgoing.text, files[0])]
    return [*((text, None) for text in cut(outgoing.text, LONGEST)), *(("", file) for file in files)]


def _send(account: Account, values: dict[str, Any], text: str, file: Upload | None) -> dict[str, Any]:
    if file is None:
        said = api.ask(account, "sendMessage", text=text, **values)
    else:
        values = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in values.items()}
        said = api.ask(account, "sendDocument", files=[("document", file)], caption=text, **values)
    return said if isinstance(said, dict) else {}
