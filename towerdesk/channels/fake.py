"""Channels for tests: they keep what they were given to send, and fail in the ways that real ones do when told to."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from towerdesk.channels.contract import Account, Incoming, Outgoing, Sent
from towerdesk.channels.doors import Answer, Call, Field, Forged, Heard, Piece, Step
from towerdesk.lib.ids import equal

OLDEST = 300  # seconds
SAYS = "sender sender_name conversation text visible happening about status said external_id".split()


class FakeChannel:
    """`goes_wrong` are errors, or functions to call, for the next sends, in order; afterwards all goes well."""

    name = "fake"
    identity = "email"

    def __init__(self, *goes_wrong: Exception | Callable[[], None], missing: str = "") -> None:
        self.goes_wrong = list(goes_wrong)
        self.missing = missing
        self.sent: list[Outgoing] = []

    def ready(self, account: Account | None = None) -> str:
        return self.missing

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        """`mara@example.org: I can't sign in`"""
        sender, _, text = content.decode().partition(": ")
        id_ = str(envelope.get("id", ""))
        return Incoming(sender=sender, text=text, visible=text, subject=text[:40], external_id=id_)

    def id_of(self, message: int, inbox: str) -> str:
        return f"fake-{message}"

    def send(self, outgoing: Outgoing) -> Sent:
        self._go_wrong()
        self.sent.append(outgoing)
        return Sent("taken")

    def _go_wrong(self) -> None:
        trouble = self.goes_wrong.pop(0) if self.goes_wrong else None
        if isinstance(trouble, Exception):
            raise trouble
        if trouble:
            trouble()


class FakeChat(FakeChannel):
    """A chat provider of the plainest kind: one call carries a JSON list of happenings, signed with the inbox's secret.

    A happening has `id` (of the delivery) and fields of `Incoming`: sender, sender_name, conversation, text, happening,
    about, status, said, external_id; `at` is a Unix time. The signature is `t=UNIX TIME,v1=HEX` over `TIME.BODY`.
    """

    name = "fakechat"
    identity = "fakechat"
    title = "Fake chat"
    fields: Sequence[Field] = (
        Field("token", "Token", secret=True, needed=False),
        Field("secret", "Signing secret", secret=True, made=True),
    )

    def steps(self, account: Account) -> Sequence[Step]:
        return (Step("Paste this address", account.hook), Step("and this secret", account.get("secret")))

    def check(self, call: Call, account: Account) -> None:
        if call.method == "GET":
            if not equal(call.query.get("verify", ""), account.get("secret")):
                raise Forged("the verification does not know our secret")
            return
        said = dict(part.partition("=")[::2] for part in call.headers.get("x-fake-signature", "").split(","))
        if not equal(said.get("v1", ""), signed(call.body, account.get("secret"), said.get("t", ""))):
            raise Forged("the signature does not fit")
        if abs(time.time() - float(said["t"])) > OLDEST:
            raise Forged("it was signed too long ago")

    def hear(self, call: Call, account: Account) -> Heard:
        if call.method == "GET":
            return Heard(answer=Answer(body=call.query.get("challenge", "").encode()))
        said = json.loads(call.body)
        return Heard([Piece(json.dumps(one).encode(), id=str(one.get("id", ""))) for one in said])

    def read(self, content: bytes, envelope: dict[str, Any], addresses: Sequence[str]) -> Incoming:
        try:
            said = json.loads(content)
            values = {name: str(said[name]) for name in SAYS if name in said}
        except (ValueError, TypeError):
            return Incoming(identity=self.identity, happening="unknown", said="This is no JSON.")
        at = datetime.fromtimestamp(said["at"], UTC) if "at" in said else None
        kind = values.get("happening", "message")
        if kind not in ("message", "edit", "deletion", "undeletion", "status", "reaction", "echo"):
            return Incoming(identity=self.identity, happening="unknown", said=f"The fake chat says {kind}.")
        values.setdefault("visible", values.get("text", ""))
        return Incoming(identity=self.identity, at=at, **values)  # type: ignore[arg-type]

    def id_of(self, message: int, inbox: str) -> str:
        return ""

    def send(self, outgoing: Outgoing) -> Sent:
        super().send(outgoing)
        return Sent("taken", id=f"ours-{outgoing.message}")


def signed(body: bytes, secret: str, at: str) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def signature(body: bytes, secret: str, at: float | None = None) -> str:
    """The header `X-Fake-Signature` as the provider writes it."""
    moment = f"{int(time.time() if at is None else at)}"
    return f"t={moment},v1={signed(body, secret, moment)}"


class Story:
    """See `testing.stories.Story`."""

    values: Mapping[str, str] = {"token": "t-1"}

    def __enter__(self) -> "Story":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to stop."""

    def calls(self, account: Account, ours: str) -> list[tuple[bytes, dict[str, str]]]:
        at = int(time.time()) - 3600
        told: list[dict[str, Any]] = [
            {"text": "My grinder is loud", "external_id": "m1", "at": at},
            {"text": "Vrey loud", "external_id": "m2", "at": at + 5},
            {"happening": "edit", "about": "m2", "text": "Very loud", "at": at + 9},
            {"happening": "edit", "about": "m2", "text": "Very, very loud", "at": at + 12},
            {"text": "My password is hunter2", "external_id": "m3", "at": at + 20},
            {"happening": "deletion", "about": "m3", "at": at + 25},
            {"happening": "reaction", "about": ours, "said": "👍"},
            *({"happening": "status", "about": ours, "status": how} for how in ("sent", "delivered", "read")),
            {"happening": "echo", "external_id": ours, "text": "Turn it by half"},
            {"happening": "echo", "external_id": "e1", "text": "We rang you", "at": at + 40},
            {"happening": "status", "status": "read", "at": at + 2 * 3600},
            {"happening": "poll"},
        ]
        mara = {"sender": "77", "sender_name": "Mara", "conversation": "c1"}
        bodies = [json.dumps([{"id": f"d{n}", **mara, **one}]).encode() for n, one in enumerate(told)]
        return [(body, {"X-Fake-Signature": signature(body, account.get("secret"))}) for body in bodies]
