"""One SMTP or LMTP session of the door: aiosmtpd's, with DATA read by blocks, and with ceilings."""

import asyncio
import contextlib
import re
from typing import Any, ClassVar

from aiosmtpd.smtp import SMTP, syntax

BLOCK = 64 * 1024
END = b"\r\n.\r\n"  # exactly: a bare line feed never ends a mail, or one mail could smuggle in another
MOST_AT_ONCE = 200  # sessions
MOST_HELD = 256 * 2**20  # bytes of all mails that are being received
MOST_COMMANDS = 10_000  # of one kind in a session
IDLE = 300.0  # seconds without a command or a block, RFC 5321 section 4.5.3.2

TOO_LARGE = "552 5.3.4 This mail is too large: {limit} MB at most."
TOO_BUSY = "452 4.3.1 There are too many mails at the moment. Please try again later."
PLAIN = re.compile(r"\s*<([^<>\s\"\\@]+@[^<>\s\"\\@,;]+)>(.*)", re.DOTALL)


class Session(SMTP):
    """`event_handler` is a `smtpd.Porter`. Long lines are taken, and time grows with a mail's size alone."""

    line_length_limit = BLOCK
    answers_each = False  # one answer for each recipient
    open_now: ClassVar[set["Session"]] = set()
    busy_now = 0  # sessions that are taking a mail
    held_now = 0  # bytes

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if len(Session.open_now) >= MOST_AT_ONCE and self not in Session.open_now:
            _turn_away(transport)
            return
        Session.open_now.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self in Session.open_now:
            Session.open_now.discard(self)
            super().connection_lost(error)

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd finds commands by their names
        if await self.check_helo_needed():
            return
        recipients = len(self.envelope.rcpt_tos) if self.envelope else 0
        if not recipients:
            await self.push("503 5.5.1 Say RCPT TO first.")
        elif arg or self._reader._buffer:  # type: ignore[attr-defined]
            await self.push("501 5.5.2 Say DATA alone, then wait.")
        else:
            Session.busy_now += 1
            try:
                await self._take(recipients)
            finally:
                Session.busy_now -= 1

    async def _take(self, recipients: int) -> None:
        content, refusal = await self._receive()
        if refusal:
            answers = [refusal] * recipients
        else:
            answers = await self.event_handler.take(self.session, self.envelope, content)
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        for answer in answers if self.answers_each else answers[:1]:
            await self.push(answer)

    async def _receive(self) -> tuple[bytes, str]:
        """The mail with its dots undone, or why it is refused; what is refused is read to its end and forgotten."""
        self._reader.feed_data(b"\r\n")  # so that a dot on the very first line is found like any other
        await self.push("354 Go ahead; end with a dot on a line of its own.")
        blocks: list[bytes] = []
        size, held, refusal, more = 0, 0, "", True
        try:
            while more:
                block, more = await self._block()
                size += len(block)
                refusal = refusal or self._too_much(size, len(block))
                if refusal:
                    blocks.clear()
                    continue
                blocks.append(block)
                held += len(block)
                Session.held_now += len(block)
        finally:
            Session.held_now -= held
        whole = b"".join(blocks)[: -len(b".\r\n")]
        return whole.replace(b"\r\n.", b"\r\n")[len(b"\r\n") :], refusal

    async def _block(self) -> tuple[bytes, bool]:
        """The next bytes, and whether more will come. A block never ends inside of the end mark."""
        try:
            return await self._reader.readuntil(END), False
        except asyncio.LimitOverrunError as error:
            self._reset_timeout()
            return await self._reader.readexactly(error.consumed), True

    def _too_much(self, size: int, block: int) -> str:
        if self.data_size_limit and size > self.data_size_limit + len(END):
            return TOO_LARGE.format(limit=self.data_size_limit // 2**20)
        return TOO_BUSY if Session.held_now + block > MOST_HELD else ""

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """The usual kind of address without a parser of everything; real ones that break the rules pass as well."""
        found = PLAIN.fullmatch(arg)
        if found:
            return found[1], found[2]
        address: tuple[str | None, str | None] = super()._getaddr(arg)
        return address


class LmtpSession(Session):
    """RFC 2033: greeted with LHLO, and each recipient gets an answer of its own."""

    answers_each = True
    show_smtp_greeting = False

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:  # noqa: N802
        await super().smtp_EHLO(arg)

    async def smtp_HELO(self, arg: str) -> None:  # noqa: N802
        await self.push("500 5.5.1 This is LMTP: say LHLO.")

    async def smtp_EHLO(self, arg: str) -> None:  # noqa: N802
        await self.push("500 5.5.1 This is LMTP: say LHLO.")


def session(porter: Any, *, lmtp: bool, largest: int, name: str) -> Session:
    kind = LmtpSession if lmtp else Session
    return kind(
        porter,
        data_size_limit=largest,
        enable_SMTPUTF8=True,
        hostname=name,
        ident="Towerdesk",
        timeout=IDLE,
        command_call_limit=MOST_COMMANDS,
        loop=asyncio.get_running_loop(),
    )


async def close_all(patience: float) -> None:
    """Let mails that are being taken get their answer, then end all sessions."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(patience):
            while Session.busy_now:
                await asyncio.sleep(0.02)
    for one in list(Session.open_now):
        if one.transport:
            one.transport.close()


def _turn_away(transport: asyncio.BaseTransport) -> None:
    if isinstance(transport, asyncio.Transport):
        transport.write(b"421 4.3.2 Too many connections. Please try again later.\r\n")
        transport.close()
