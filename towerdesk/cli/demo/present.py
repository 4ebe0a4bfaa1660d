"""New mail that keeps coming through the real SMTP door, from customers who read our replies and answer some of them.

The customers' mail server is a small one here on loopback: replies leave by real SMTP, arrive in it, and are kept as
files in `<data>/demo-outbox` where anybody can look at them.
"""

import email
import smtplib
import time
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import structlog
from aiosmtpd.controller import Controller
from django.conf import settings

from config import env
from towerdesk.cli.demo.dice import dice
from towerdesk.cli.demo.facts import company
from towerdesk.cli.demo.mails import as_mail, reply_mail, vouched
from towerdesk.cli.demo.people import CUSTOMERS, cast
from towerdesk.cli.demo.request import Request
from towerdesk.cli.demo.traffic import Generator

EVERY = 25.0
"""Seconds between two new requests, on average; TOWERDESK_DEMO_EVERY sets another pace, 0 none."""
ANSWERS = 0.6
"""How many of our replies are answered by their customer."""
STRAYS = 0.08
KEPT = 200
"""Replies kept as files, the newest."""

log = structlog.get_logger()


def go_on() -> None:
    arrived: SimpleQueue[bytes] = SimpleQueue()
    mailbox = Controller(_Mailbox(arrived), hostname="127.0.0.1", port=env.demo_relay_port())
    mailbox.start()
    pace = env.decimal("TOWERDESK_DEMO_EVERY", EVERY)
    generator = Generator(int(time.time()), cast(CUSTOMERS))
    chance = dice("present", generator.seed)
    written: dict[str, Request] = {}
    while True:
        _answer_replies(arrived, written)
        if pace:
            _write(generator, written, is_stray=chance.random() < STRAYS)
        time.sleep(chance.uniform(0.5, 1.5) * (pace or 5.0))


def _write(generator: Generator, written: dict[str, Request], *, is_stray: bool) -> None:
    now = datetime.now(UTC)
    request = generator.stray(now) if is_stray else generator.request(now)
    written[request.person.email] = request
    to = {intent.slug: intent.inbox for intent in company().intents}.get(request.intent, company().inboxes[0].address)
    mail = as_mail(request, to, now)
    _hand_in(mail if is_stray else vouched(mail, request.person.email), request.person.email, to)


def _answer_replies(arrived: "SimpleQueue[bytes]", written: dict[str, Request]) -> None:
    while True:
        try:
            mail = email.message_from_bytes(arrived.get_nowait())
        except Empty:
            return
        _keep(mail)
        request = written.pop(_address(mail["To"]), None)
        chance = dice("answer", str(mail["Message-ID"]))
        if request is None or chance.random() > ANSWERS:
            continue
        says = request.says.solved or request.says.thanks if chance.random() < 0.75 else request.says.not_solved
        if says:
            to = _address(mail["Reply-To"] or mail["From"])
            answer = reply_mail(request, mail, says, at=datetime.now(UTC))
            _hand_in(vouched(answer, request.person.email), request.person.email, to)


def _hand_in(mail: bytes, sender: str, to: str) -> None:
    """At the desk's own door, as any mail server would; what it does not take now is lost to the demo only."""
    try:
        with smtplib.SMTP("127.0.0.1", env.smtp_port(), timeout=10) as door:
            door.sendmail(sender, [to], mail)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("the demo's mail was not taken", why=str(error))


def _keep(mail: Message) -> None:
    folder = Path(settings.DATA_DIR) / "demo-outbox"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{time.time_ns()}.eml").write_bytes(mail.as_bytes())
    for old in sorted(folder.glob("*.eml"))[:-KEPT]:
        old.unlink(missing_ok=True)


def _address(header: Any) -> str:
    return email.utils.parseaddr(str(header))[1].lower()


class _Mailbox:
    """Takes whatever our relay setting brings here."""

    def __init__(self, arrived: "SimpleQueue[bytes]") -> None:
        self.arrived = arrived

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        self.arrived.put(envelope.content)
        return "250 Thank you"
