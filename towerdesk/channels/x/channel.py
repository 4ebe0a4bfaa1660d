"""X as a channel: what somebody writes to the account, alone or in public, and answers by the same way."""

from collections.abc import Sequence
from typing import Any

from towerdesk.channels import in_public
from towerdesk.channels.contract import (
    Account,
    FateUnknown,
    Incoming,
    Lately,
    NotSent,
    Outgoing,
    Remote,
    Sent,
    Terms,
)
from towerdesk.channels.cut import cut
from towerdesk.channels.doors import Call, Field, Heard, Step
from towerdesk.channels.fetched import Fetched
from towerdesk.channels.in_parts import in_parts
from towerdesk.channels.x import api, signature
from towerdesk.channels.x.pieces import pieces
from towerdesk.channels.x.read import DIRECT, PUBLIC, read
from towerdesk.channels.x.weight import weight
from towerdesk.lib.errors import Invalid, Unavailable

LONGEST, LONGEST_DIRECT = 280, 10_000
POST = "a public post"
PICTURES = ("image/png", "image/jpeg", "image/webp", "image/gif")
NO_ACCOUNT = "The keys and tokens are missing: connect the inbox under Settings → Inboxes."
NO_FILES = "A direct message at X carries pictures only: leave the other files out."
NOBODY = "Nobody's number at X is known to write to."
NO_POST = "No post of theirs is known that this could answer."


class XChannel:
    name = "x"
    identity = "x"
    title = "X"
    fields: Sequence[Field] = (
        Field("key", "API key", "Of the app, under Keys and tokens."),
        Field("secret", "API key secret", "Shown beside it: it signs every call.", secret=True),
        Field("token", "Access token", "Of the account, with read, write and direct messages.", secret=True),
        Field("token_secret", "Access token secret", "Shown beside it.", secret=True),
        Field(
            "webhook", "Webhook ID", "X answers with it when the address is registered; see the steps.", needed=False
        ),
        Field("server", "API address", f"Only for tests; empty: {api.SERVER}.", needed=False),
    )

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step("At developer.x.com make a project and an app with the Account Activity API."),
            Step("Give the app the right to read, write and send direct messages, then make the access token."),
            Step("Enter the keys and tokens here and connect."),
            Step("Register this desk with the app's bearer token, from any terminal.", _register(account.hook)),
            Step("Enter the id that this answers with as Webhook ID and connect again: the desk subscribes by itself."),
            Step("Write to the account from another one: the message is here within seconds."),
        )

    def introduce(self, account: Account) -> str:
        name = api.introduce(account)
        if not account.get("webhook"):
            return f"Connected to @{name}. Now follow the steps, so that X calls the desk."
        try:
            api.listen(account, account.get("webhook"))
        except NotSent as error:
            raise (Unavailable if error.later and not error.trouble else Invalid)(str(error)) from None
        except FateUnknown as error:
            raise Unavailable("X did not answer as it should: try again.") from error
        return f"Connected to @{name}, and X tells the desk what happens."

    def check(self, call: Call, account: Account) -> None:
        signature.check(call, account)

    def hear(self, call: Call, account: Account) -> Heard:
        if call.method == "GET":
            return Heard(answer=signature.answer(call, account))
        return Heard(pieces(call.body, api.user(account)))

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        return read(content)

    def fetch(self, file: Remote, account: Account) -> Fetched:
        return Fetched(file.name, file.type, api.fetch(account, file.ref).body)

    def ready(self, account: Account | None = None) -> str:
        return "" if account and account.get("token") and account.get("token_secret") else NO_ACCOUNT

    def id_of(self, message: int, inbox: str) -> str:
        return ""

    def terms(self, lately: Lately, account: Account) -> Terms:
        return in_public.terms(lately, POST) if lately.conversation.startswith(PUBLIC) else Terms()

    def refuses(self, text: str, lately: Lately, account: Account) -> str:
        return ""

    def send(self, outgoing: Outgoing) -> Sent:
        account = outgoing.account
        if account is None:
            raise NotSent(NO_ACCOUNT, later=True)
        if outgoing.conversation.startswith(PUBLIC):
            return Sent("taken", id=_in_public(outgoing, account))
        return Sent("taken", id=f"{DIRECT}{_directly(outgoing, account)}")


def _in_public(outgoing: Outgoing, account: Account) -> str:
    """Under what they wrote last; the rest of a long answer under its beginning."""
    if against := in_public.against(outgoing, POST):
        raise NotSent(against, later=False)
    if not outgoing.answers.isdecimal():
        raise NotSent(NO_POST, later=False)
    under = outgoing.answers

    def post(text: str) -> str:
        nonlocal under
        under = api.post(account, text, under)
        return under

    return in_parts(cut(outgoing.text, LONGEST, weight), post)


def _directly(outgoing: Outgoing, account: Account) -> str:
    if any(file.type not in PICTURES for file in outgoing.files):
        raise NotSent(NO_FILES, later=False)
    to = outgoing.conversation.removeprefix(DIRECT) or next(iter(outgoing.to), "")
    if not to.isdecimal():
        raise NotSent(NOBODY, later=False)
    media = [api.upload(account, (file.name, file.content, file.type)) for file in outgoing.files]
    texts = cut(outgoing.text, LONGEST_DIRECT)
    parts: list[dict[str, Any]] = [{"text": text} for text in texts]
    parts += [{"attachments": [{"media_id": one}]} for one in media]
    return in_parts(parts, lambda part: api.direct(account, to, part))


def _register(hook: str) -> str:
    return (
        'curl -X POST https://api.x.com/2/webhooks -H "Authorization: Bearer $BEARER" '
        f'-H "Content-Type: application/json" -d \'{{"url": "{hook}"}}\''
    )
