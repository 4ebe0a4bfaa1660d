"""Mails as customers send them, and what arrives of ours, for tests."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from towerdesk.channels.models import Inbox
from towerdesk.intake.accept import accept
from towerdesk.intake.models import Raw
from towerdesk.intake.store import store

MARA = "Mara Lindqvist <mara@lindqvist.example>"


def mail(
    text: str = "It drips. What can I do?",
    *,
    sender: str = MARA,
    to: str = "support@brasswell.example",
    subject: str = "Group head drips",
    id: str = "",  # noqa: A002 - reads best where it is used
    **headers: str,
) -> bytes:
    """`in_reply_to="<…>"` writes In-Reply-To."""
    fields = {"From": sender, "To": to, "Subject": subject, "Message-ID": f"<{id}>" if id else "", **_named(headers)}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"{head}\r\n{text}\r\n".encode()


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-").title(): value for name, value in headers.items()}


def arrives(content: bytes, inbox: Inbox, *, door: str = "smtp", **envelope: Any) -> Raw:
    """Stored and read, as the door and the worker do it."""
    raw = store(content, inbox, door=door, envelope=envelope)
    accept(raw.pk)
    raw.refresh_from_db()
    return raw


class Relay:
    """A mail server on loopback that keeps what it is given; `answers` say something else than 250, in order."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.senders: list[str] = []
        self.recipients: list[list[str]] = []
        self.refuses: set[str] = set()
        self.answers: list[str | Callable[[Any], str]] = []
        self.url = ""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds hooks by their names
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 2.0.0 taken"
        if callable(answer):
            answer = answer(server)
        if answer.startswith("250"):
            parsed = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(parsed, EmailMessage)  # noqa: S101 - the policy makes them
            self.mails.append(parsed)
            self.senders.append(envelope.mail_from)
            self.recipients.append(list(envelope.rcpt_tos))
        return answer


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def relay() -> Iterator[Relay]:
    kept = Relay()
    port = _free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    kept.url = f"smtp://127.0.0.1:{port}"
    try:
        yield kept
    finally:
        controller.stop()
