"""What the channels of the Messenger Platform do alike: talks with a window, comments in public, names that are asked for."""

import mimetypes
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from towerdesk.channels import in_public
from towerdesk.channels.contract import (
    Account,
    FateUnknown,
    Incoming,
    Lately,
    NotFetched,
    NotSent,
    Outgoing,
    Remote,
    Sent,
    Terms,
)
from towerdesk.channels.cut import cut, units
from towerdesk.channels.doors import Call, Field, Heard
from towerdesk.channels.fetched import Fetched
from towerdesk.channels.in_parts import in_parts
from towerdesk.channels.meta import hook
from towerdesk.channels.meta.graph import Graph
from towerdesk.channels.meta.pieces import pieces
from towerdesk.channels.meta.read import IN_PUBLIC, Talk
from towerdesk.channels.meta.window import DAY, is_open, left
from towerdesk.lib.ask import Said
from towerdesk.lib.errors import Invalid, Unavailable

WEEK = timedelta(days=7)
MOST_NAMES = 1000
EXPIRED = "(401)"
NO_ACCOUNT = "The access token is missing: connect the inbox under Settings → Inboxes."
COMMENT = "a public comment"
TOKEN = Field("token", "Access token", "Of a system user, without an end; see the steps.", secret=True)
SECRET = Field("secret", "App secret", "Shown at Meta under App settings → Basic: it signs every call.", secret=True)
VERIFY = Field("verify", "Verify token", "Meta asks for it once.", secret=True, made=True)
HUMAN = Field(
    "human",
    "Human Agent",
    "Write yes once Meta has granted the app this feature: then people may answer for 7 days instead of 24 hours.",
    needed=False,
)


class Talking:
    """Beneath Messenger and Instagram. `whose` is the field that holds the id of the page or account."""

    identity: str
    whose: str
    talk: Talk
    graph: Graph
    listens: str  # names of what it wants to be told of
    longest: int  # of one message, as `weigh` counts
    longest_comment: int
    weigh: Callable[[str], int] = staticmethod(units)
    name_fields = "name"

    def __init__(self) -> None:
        self.names: dict[tuple[int, str], str] = {}

    def check(self, call: Call, account: Account) -> None:
        hook.check(call, account)

    def hear(self, call: Call, account: Account) -> Heard:
        return hook.hear(call, pieces)

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        return self.talk.read(content, str((envelope.get("account") or {}).get(self.whose) or ""))

    def fetch(self, file: Remote, account: Account) -> Fetched:
        """Of what type it is, and so how it is called, only the answer says."""
        said = self.graph.file(account, file.ref)
        type_ = said.headers.get("content-type", "").partition(";")[0].strip().lower() or "application/octet-stream"
        ending = {"image/jpeg": ".jpg"}.get(type_) or mimetypes.guess_extension(type_) or ""
        return Fetched(f"{file.name}{ending}", type_, said.body)

    def complete(self, incoming: Incoming, account: Account) -> None:
        """A talk names its writer by a number only. A name is asked for once by each process; some have none to give."""
        if not incoming.sender or incoming.sender_name:
            return
        known = (account.inbox, incoming.sender)
        incoming.sender_name = self.names.get(known) or self._asked(incoming.sender, account)
        if incoming.sender_name and known not in self.names:
            self.names = {known: incoming.sender_name, **dict(list(self.names.items())[:MOST_NAMES])}

    def _asked(self, sender: str, account: Account) -> str:
        """A token that has expired is waited for (no answer could leave either), a right that the app lacks is not."""
        try:
            return self._name(self.graph.about(account, f"{quote(sender, safe='')}?fields={self.name_fields}"))
        except NotFetched as error:
            if error.later or EXPIRED in str(error):
                raise NotFetched(str(error), later=True) from None
            return ""

    def _name(self, told: Mapping[str, Any]) -> str:
        return str(told.get("name") or "")

    def introduced(self, account: Account, fields: str) -> dict[str, Any]:
        """Try the account, and have Meta tell it what happens. Raises `lib.errors.Trouble`."""
        whose = account.get(self.whose)
        told = self.graph.introduced(account, f"{whose}?fields={fields}")
        try:
            self.graph.post(account, f"{whose}/subscribed_apps", form={"subscribed_fields": self.listens})
        except NotSent as error:
            raise (Unavailable if error.later and not error.trouble else Invalid)(str(error)) from None
        except FateUnknown as error:
            raise Unavailable(f"{self.talk.who} did not answer as it should: try again.") from error
        return told

    def ready(self, account: Account | None = None) -> str:
        return "" if account and account.get("token") and account.get(self.whose) else NO_ACCOUNT

    def id_of(self, message: int, inbox: str) -> str:
        return ""

    def terms(self, lately: Lately, account: Account) -> Terms:
        who = self.talk.who
        if lately.conversation.startswith(IN_PUBLIC):
            return in_public.terms(lately, COMMENT)
        if is_open(lately):
            then = "then only from people, for 7 days" if _humans(account) else "then only once they write again"
            return Terms(f"{who} takes answers for another {left(lately)}, {then}.")
        if _humans(account) and is_open(lately, WEEK):
            return Terms(f"{who} takes answers from people for another {left(lately, WEEK)}, as a Human Agent.")
        if lately.wrote_at is None:
            return Terms(f"They have not written by {who} yet, and have to be the first to write.", closed=True)
        since = "7 days" if _humans(account) else "24 hours"
        return Terms(f"They last wrote over {since} ago: {who} takes nothing until they write again.", closed=True)

    def refuses(self, text: str, lately: Lately, account: Account) -> str:
        terms = self.terms(lately, account)
        return terms.sentence if terms.closed else ""

    def send(self, outgoing: Outgoing) -> Sent:
        account = outgoing.account
        if account is None:
            raise NotSent(NO_ACCOUNT, later=True)
        if against := self.refuses(outgoing.text, outgoing.lately, account) or self._against(outgoing):
            raise NotSent(against, later=False)
        if outgoing.conversation.startswith(IN_PUBLIC):
            under = outgoing.conversation.removeprefix(IN_PUBLIC)
            texts = cut(outgoing.text, self.longest_comment)
            return Sent("taken", id=in_parts(texts, lambda text: self._comment(account, under, text)))
        to = outgoing.conversation or next(iter(outgoing.to), "")
        parts = self._parts(outgoing, account)
        how = _how(outgoing.lately)
        return Sent("taken", id=in_parts(parts, lambda part: self._tell(account, to, how, part)))

    def _against(self, outgoing: Outgoing) -> str:
        """What can't leave, whoever wrote it, or as nobody did."""
        if outgoing.conversation.startswith(IN_PUBLIC):
            return in_public.against(outgoing, COMMENT)
        if outgoing.automatic and not is_open(outgoing.lately):
            return f"After 24 hours {self.talk.who} takes only what a person wrote."
        return ""

    def _parts(self, outgoing: Outgoing, account: Account) -> list[dict[str, Any]]:
        return [{"text": text} for text in cut(outgoing.text, self.longest, self.weigh)]

    def _comment(self, account: Account, under: str, text: str) -> str:
        raise NotImplementedError

    def _tell(self, account: Account, to: str, how: dict[str, str], part: dict[str, Any]) -> str:
        values = {"recipient": {"id": to}, **how, "message": part}
        return id_in(self.talk.who, self.graph.post(account, f"{account.get(self.whose)}/messages", json=values))


def id_in(who: str, said: Said) -> str:
    told = said.json()
    id_ = told.get("message_id") or told.get("id")
    if not id_:
        raise FateUnknown(f"{who} answered something that can't be read ({said.status}).")
    return str(id_)


def _how(lately: Lately) -> dict[str, str]:
    if is_open(lately, DAY):
        return {"messaging_type": "RESPONSE"}
    return {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}


def _humans(account: Account) -> bool:
    return account.get("human").strip().lower() in ("yes", "y", "true", "1")
