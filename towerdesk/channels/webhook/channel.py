"""The generic webhook as a channel: signed both ways by Standard Webhooks."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from towerdesk.channels import calling
from towerdesk.channels.contract import Account, Incoming, NotSent, Outgoing, Sent
from towerdesk.channels.doors import Call, Field, Heard, Piece, Step
from towerdesk.channels.webhook.read import USUAL, read
from towerdesk.channels.webhook.signing import ID, check, shown, signer
from towerdesk.lib.clock import now

WHO = "The program"
NO_ADDRESS = "No address for replies is set: enter one under Settings → Inboxes."
LABELS = {
    "text": "Path of the words",
    "sender": "Path of the writer: a mail address, or an id",
    "sender_name": "Path of the writer’s name",
    "subject": "Path of the subject",
    "conversation": "Path of the conversation",
    "id": "Path of the message’s id",
    "at": "Path of the time",
}
REPLY_URL = Field("reply_url", "Where replies are posted to", "https://…, signed with the same secret.", needed=False)
EXAMPLE = '{"id": "m1", "conversation": "c1", "sender": "mara@example.com", "text": "It drips"}'


class WebhookChannel:
    name = "webhook"
    identity = "webhook"
    title = "a program of yours"
    fields: Sequence[Field] = (
        Field("secret", "Signing secret", secret=True, made=True),
        *(Field(name, LABELS[name], f"Empty: {usual}", needed=False) for name, usual in USUAL.items()),
        REPLY_URL,
    )

    def steps(self, account: Account) -> Sequence[Step]:
        return (
            Step("Let the program POST JSON to this address.", account.hook),
            Step("It signs by Standard Webhooks, for which there are libraries in most languages.", shown(account)),
            Step("With the usual paths a message is as short as this.", EXAMPLE),
        )

    def check(self, call: Call, account: Account) -> None:
        check(call, account)

    def hear(self, call: Call, account: Account) -> Heard:
        id_ = call.headers[ID]
        return Heard([Piece(call.body, id=id_, envelope={ID: id_})])

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        return read(content, str(envelope.get(ID, "")), envelope.get("account", {}))

    def ready(self, account: Account | None = None) -> str:
        return "" if account and account.get("reply_url") else NO_ADDRESS

    def id_of(self, message: int, inbox: str) -> str:
        """The same at every try, so that a receiver knows it again."""
        return f"towerdesk-{message}"

    def send(self, outgoing: Outgoing) -> Sent:
        account, id_ = outgoing.account, self.id_of(outgoing.message, outgoing.inbox)
        if account is None:
            raise NotSent(NO_ADDRESS, later=True)
        at, body = now(), json.dumps(_told(outgoing)).encode()
        headers = {
            "Content-Type": "application/json",
            ID: id_,
            "webhook-timestamp": f"{int(at.timestamp())}",
            "webhook-signature": signer(account).sign(id_, at, body.decode()),
        }
        said = calling.post(WHO, account.get("reply_url"), account, content=body, headers=headers)
        calling.judge(WHO, said, refused=(401, 403, 410))
        return Sent(f"{said.status}")


def _told(outgoing: Outgoing) -> dict[str, Any]:
    files = [
        {"name": one.name, "type": one.type, "content": base64.b64encode(one.content).decode()}
        for one in outgoing.files
    ]
    return {
        "type": "reply.created",
        "timestamp": outgoing.written_at.isoformat(),
        "data": {
            "ticket": outgoing.ticket,
            "conversation": outgoing.conversation,
            "to": list(outgoing.to),
            "answers": outgoing.answers,
            "author": outgoing.sender_name,
            "text": outgoing.text,
            "html": outgoing.html,
            "automatic": outgoing.automatic,
            "files": files,
        },
    }
