"""Microsoft Teams as a channel: its hook, its conversations, its replies."""

from collections.abc import Mapping, Sequence
from typing import Any

from towerdesk.channels.contract import (
    Account,
    Decision,
    Incoming,
    NotFetched,
    NotSent,
    Outgoing,
    Remote,
    Sent,
)
from towerdesk.channels.doors import Call, Field, Heard, Piece, Step
from towerdesk.channels.fetched import Fetched
from towerdesk.channels.msteams import api, keys, send, tokens
from towerdesk.channels.msteams.activity import delivery, opened
from towerdesk.channels.msteams.answers import answer
from towerdesk.channels.msteams.complete import complete
from towerdesk.channels.msteams.gather import gather
from towerdesk.channels.msteams.manifest import manifest
from towerdesk.channels.msteams.read import TURN, read, turns
from towerdesk.channels.msteams.verify import verify
from towerdesk.lib.errors import Invalid, Unavailable


class TeamsChannel:
    name = "msteams"
    identity = "msteams"
    title = "Microsoft Teams"
    fields: Sequence[Field] = (
        Field("app", "Application (client) id", "Of the app registration in Entra, which is also the bot's."),
        Field("password", "Client secret", "Its value, under Certificates & secrets.", secret=True),
        Field(
            "tenant",
            "Directory (tenant) id",
            "Of your own organisation. Empty only for a bot that is registered for several.",
            needed=False,
        ),
        Field(
            "tenants",
            "Other tenants",
            "Ids of organisations whose people may write as well; calls from others are turned away.",
            needed=False,
        ),
        Field(
            "channels",
            "Channels",
            "Ids (19:…) whose every message opens a ticket; `all`. Empty: only on demand.",
            needed=False,
        ),
        Field(
            "domains",
            "Mail domains of the organisation",
            "Its members with an address there are the same person as by mail. Empty: nobody is joined.",
            needed=False,
        ),
        Field("server", "Server", "Only for tests; empty: Microsoft's own.", needed=False),
    )

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step(
                "At entra.microsoft.com under App registrations make one for this organisation only. Enter its application "
                "id and directory id here, and the value of a new client secret (Certificates & secrets); connect."
            ),
            Step(
                "At portal.azure.com make an Azure Bot, single tenant, with this app's id. Under Configuration enter "
                "this as the messaging endpoint; under Channels choose Microsoft Teams.",
                account.hook,
            ),
            Step(
                "Save this as manifest.json and pack it as a zip together with two pictures: color.png (192 × 192) "
                "and outline.png (32 × 32, white on nothing).",
                manifest(account.hook, account.get("app")),
            ),
            Step("At admin.teams.microsoft.com under Teams apps → Manage apps upload the zip, and allow the app."),
            Step("In Teams write to the app, or add it to a team and mention it there.", "@Towerdesk"),
        )

    def introduce(self, account: Account) -> str:
        try:
            tokens.for_bot(account, anew=True)
        except NotSent as error:
            raise (Invalid if error.trouble else Unavailable)(str(error)) from None
        return "Connected to Microsoft Teams: write to the app to try it out."

    def renew(self, account: Account) -> Mapping[str, Any]:
        """The public keys that the connector's tokens are signed with."""
        return keys.renew(account)

    def check(self, call: Call, account: Account) -> None:
        """The token is of who calls and not of what they say; a replay is known by its activity and time."""
        verify(call, account)

    def hear(self, call: Call, account: Account) -> Heard:
        """A message that calls the app within a thread is two things: a message, and the wish for a ticket."""
        told = opened(call.body)
        id_ = delivery(told)
        pieces = [Piece(call.body, id=id_)]
        if turns(told):
            pieces.append(Piece(call.body, id=f"{id_} {TURN}" if id_ else "", envelope={"part": TURN}))
        return Heard(pieces, answer(told))

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        return read(content, envelope)

    def complete(self, incoming: Incoming, account: Account) -> None:
        """The writer's address in their directory, which counts if an administrator says so."""
        complete(incoming, account)

    def gather(self, incoming: Incoming, account: Account) -> Sequence[Piece]:
        """The thread around what was pointed at, without notices and without what we said ourselves."""
        return gather(incoming, account)

    def fetch(self, file: Remote, account: Account) -> Fetched:
        if file.size > api.MOST:
            raise NotFetched(f"it has more than {api.MOST // 2**20} MB", later=False)
        tenant, _, url = file.ref.partition(" ")
        said = api.download(account, url, tenant)
        return _as_file(file, said.body, said.headers.get("content-type", ""))

    def ready(self, account: Account | None = None) -> str:
        return "" if account and account.get("app") and account.get("password") else send.NOT_CONNECTED

    def id_of(self, message: int, inbox: str) -> str:
        return ""

    def send(self, outgoing: Outgoing) -> Sent:
        return send.send(outgoing)

    def ask(self, to: str, decision: Decision, account: Account) -> None:
        send.ask(to, decision, account)

    def whisper(self, incoming: Incoming, sentence: str, account: Account) -> None:
        send.whisper(incoming, sentence, account)


def _as_file(file: Remote, content: bytes, type_: str) -> Fetched:
    """What a pasted picture is, its server says."""
    if file.type != "image/*":
        return Fetched(file.name, file.type, content)
    kind = type_.partition(";")[0].strip().lower()
    if not kind.startswith("image/"):
        raise NotFetched("it is no picture", later=False)
    name = file.name if "." in file.name else f"{file.name}.{kind.partition('/')[2].partition('+')[0]}"
    return Fetched(name, kind, content)
