"""The SMTP door: 250 only when the bytes are committed, 4xx when they can't be. A small process without Django.

python -m towerdesk.intake.smtpd
"""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import AsyncIterator
from typing import Any

from config import env
from towerdesk.intake.directory import Directory
from towerdesk.intake.links import Away, Links
from towerdesk.intake.smtp_session import close_all, session
from towerdesk.intake.store_fast import Arrival, store_fast
from towerdesk.lib.errors import Unavailable
from towerdesk.lib.postgres import dsn

MOST_RECIPIENTS = 100  # RFC 5321 section 4.5.3.1.8 asks for at least 100
LET_GO = 5.0  # seconds that open sessions get when the door closes

LATER = "451 4.3.0 We can't keep this mail just now. Please try again later."
NOT_OURS = "550 5.1.1 <{address}> is no address of ours."
TOO_MANY = "452 4.5.3 Too many recipients at a time. Send the mail to the others again."

log = logging.getLogger(__name__)


class Porter:
    """Decides who gets in, and keeps what came."""

    def __init__(self, links: Links, door: str) -> None:
        self.links, self.door = links, door
        self.directory = Directory(links)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd finds hooks by their names
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Never an open relay: only mail for our inboxes and their domains."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        try:
            inbox = await self.directory.find(address)
        except Away:
            return LATER
        if inbox is None:
            return NOT_OURS.format(address=_clean(address))
        envelope.rcpt_tos.append(address)
        envelope.inboxes = {**getattr(envelope, "inboxes", {}), address: inbox}
        return "250 2.1.5 Recipient OK"

    async def take(self, session: Any, envelope: Any, content: bytes) -> list[str]:
        """One answer for each recipient; they share their fate."""
        arrivals = _arrivals(session, envelope)
        try:
            kept = await self.links.run(lambda link: store_fast(link, content, arrivals, door=self.door))
        except Away as error:
            log.warning("a mail could not be kept, its sender will try again: %s", error)
            return [LATER] * len(envelope.rcpt_tos)
        by_inbox = {inbox: raw for (inbox, _), raw in zip(arrivals, kept, strict=True)}
        return [f"250 2.0.0 Kept as {by_inbox[envelope.inboxes[address]]}" for address in envelope.rcpt_tos]

    async def handle_exception(self, error: Exception) -> str:
        """Whatever goes wrong in here is no reason to send a mail back."""
        log.error("the door stumbled: %s: %s", type(error).__name__, error)
        return LATER


def serve(host: str, port: int) -> None:
    """Take mail until SIGTERM or SIGINT. Speaks LMTP instead of SMTP when TOWERDESK_LMTP is set."""
    asyncio.run(_serve(host, port))


async def _serve(host: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with door(host, port, address=env.database_url() or dsn(env.data_dir()), lmtp=env.flag("TOWERDESK_LMTP")):
        await stop.wait()


@contextlib.asynccontextmanager
async def door(host: str, port: int, *, address: str, lmtp: bool = False) -> AsyncIterator[asyncio.Server]:
    """`address` is that of the database. Raises `Unavailable` when the port is taken."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    links = Links(address)
    porter = Porter(links, "lmtp" if lmtp else "smtp")
    name, largest = socket.gethostname() or "localhost", env.max_mail_bytes()
    loop = asyncio.get_running_loop()
    try:
        server = await loop.create_server(
            lambda: session(porter, lmtp=lmtp, largest=largest, name=name), host, port, backlog=256
        )
    except OSError as error:
        raise Unavailable(
            f"The SMTP door can't open at {host}:{port} ({error.strerror}): choose another port."
        ) from error
    try:
        yield server
    finally:
        server.close()
        await close_all(LET_GO)
        await links.close()


def _arrivals(session: Any, envelope: Any) -> list[Arrival]:
    """One for each inbox, each with its own recipients."""
    sender = "" if envelope.mail_from == "<>" else _clean(envelope.mail_from)
    common = {"from": sender, "ip": str((session.peer or ("",))[0]), "helo": _clean(session.host_name or "")}
    by_inbox: dict[int, list[str]] = {}
    for address in envelope.rcpt_tos:
        by_inbox.setdefault(envelope.inboxes[address], []).append(_clean(address))
    return [(inbox, {**common, "to": addresses}) for inbox, addresses in by_inbox.items()]


def _clean(text: str) -> str:
    """What JSON and an answer line can hold, whatever bytes the client sent."""
    return "".join(char for char in text.encode("utf-8", "replace").decode()[:500] if char.isprintable())


if __name__ == "__main__":
    serve(env.host(), env.smtp_port())
