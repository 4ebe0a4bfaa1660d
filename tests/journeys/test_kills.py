"""kill −9 of web, worker, PostgreSQL and the SMTP door while 500 mails come in and replies leave: nothing lost, nothing twice."""

import contextlib
import os
import re
import signal
import smtplib
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psycopg
import pytest

from towerdesk.cli.tests.desks import Desk, until
from towerdesk.lib import postgres
from towerdesk.testing.mails import Relay, relay

pytestmark = pytest.mark.kills

MAILS = 500
REPLIES = 40
SENDERS = 4
WORKED_OFF = 300.0  # seconds; generous, since a slow machine is no failure
KILLS = {
    60: ("worker",),
    120: ("smtpd",),
    180: ("postgres",),
    240: ("web", "worker"),
    300: ("worker", "smtpd"),
    360: ("postgres", "worker"),
    420: ("web", "worker", "smtpd", "postgres"),
}
"""After so many mails got their 250, these are killed."""


class Customers:
    """Mail servers of 500 customers: each tries again until it has heard 250."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.accepted: list[int] = []
        self.threads = [threading.Thread(target=self._send, args=(first,), daemon=True) for first in range(SENDERS)]

    def _send(self, first: int) -> None:
        for number in range(first, MAILS, SENDERS):
            while not self._was_taken(number):
                time.sleep(0.1)
            self.accepted.append(number)

    def _was_taken(self, number: int) -> bool:
        sender = f"customer{number}@company{number % 50}.example"
        mail = f"From: {sender}\r\nSubject: Drips {number}\r\nMessage-ID: <{number}@run.example>\r\n\r\nIt drips. ({number})\r\n"
        try:
            with smtplib.SMTP("127.0.0.1", self.desk.smtp_port, timeout=30) as door:
                return not door.sendmail(sender, ["support@brasswell.example"], mail)
        except (OSError, smtplib.SMTPException):
            return False


class Agent:
    """Answers tickets through the API, one after the other, and asks again with the same key when nobody answered."""

    def __init__(self, desk: Desk, key: str) -> None:
        self.web = httpx2.Client(base_url=f"http://127.0.0.1:{desk.port}/api/v1", timeout=30)
        self.web.headers["Authorization"] = f"Bearer {key}"
        self.answered: set[int] = set()
        self.thread = threading.Thread(target=self._work, daemon=True)

    def _work(self) -> None:
        while len(self.answered) < REPLIES:
            with contextlib.suppress(httpx2.HTTPError):
                for ticket in self._newest():
                    if ticket not in self.answered and len(self.answered) < REPLIES:
                        self._answer(ticket)
            time.sleep(0.2)

    def _newest(self) -> list[int]:
        said = self.web.get("/tickets", params={"limit": 50})
        return [one["number"] for one in said.json()["items"]] if said.status_code == 200 else []

    def _answer(self, ticket: int) -> None:
        said = self.web.post(
            f"/tickets/{ticket}/reply",
            json={"text": f"Turn it by half, number {ticket}."},
            headers={"Idempotency-Key": f"answer-{ticket}"},
        )
        if said.status_code in (200, 201):
            self.answered.add(ticket)


@pytest.fixture
def sink() -> Iterator[Relay]:
    with relay() as running:
        yield running


@pytest.fixture
def desk(sink: Relay, opened_once: Path) -> Iterator[Desk]:
    """With a PostgreSQL that keeps what it has acknowledged."""
    running = Desk(opened_once)
    try:
        running.up(TOWERDESK_RELAY=sink.url, TOWERDESK_PG_FAST="0")
        yield running
    finally:
        running.end()


def test_nothing_is_lost_and_nothing_happens_twice(desk: Desk, sink: Relay) -> None:
    key = re.search(r"td_\S+", desk.run("key", "create", "--role", "agent", "--name", "run").stdout)
    assert key
    customers, agent = Customers(desk), Agent(desk, key.group())
    for thread in (*customers.threads, agent.thread):
        thread.start()
    for after, names in KILLS.items():
        until(lambda after=after: len(customers.accepted) >= after)  # type: ignore[misc]
        kill(desk, names)
    for thread in (*customers.threads, agent.thread):
        thread.join(120)

    until(lambda: asked(desk, "SELECT count(*) FROM intake_raw WHERE state = 'stored'") == [(0,)], WORKED_OFF)
    until(lambda: asked(desk, "SELECT count(*) FROM tickets_message WHERE delivery = 'queued'") == [(0,)], WORKED_OFF)
    every_mail_is_on_one_ticket(desk, customers)
    no_reply_left_twice(desk, agent, sink)


def kill(desk: Desk, names: tuple[str, ...]) -> None:
    running = desk.processes()
    for name in names:
        pid = postgres.running_pid(desk.data) if name == "postgres" else running.get(name, 0)
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def every_mail_is_on_one_ticket(desk: Desk, customers: Customers) -> None:
    assert sorted(customers.accepted) == list(range(MAILS))
    rows = asked(desk, "SELECT message_id, count(*) FROM tickets_message WHERE direction = 'in' GROUP BY 1")
    assert dict(rows) == {f"{number}@run.example": 1 for number in range(MAILS)}
    states = dict(asked(desk, "SELECT state, count(*) FROM intake_raw GROUP BY 1"))
    assert states.pop("ticket") == MAILS
    assert set(states) <= {"set_aside"}  # what a server sent again, since it never heard our 250
    unread = asked(
        desk, "SELECT reason FROM intake_raw WHERE state = 'set_aside' AND reason NOT LIKE 'The same mail came before%'"
    )
    assert unread == []


def no_reply_left_twice(desk: Desk, agent: Agent, sink: Relay) -> None:
    """What was being sent when its worker died counts as unsure in five minutes; it must not have been sent again."""
    written = asked(
        desk, "SELECT ticket_id, count(*) FROM tickets_message WHERE direction = 'out' AND public GROUP BY 1"
    )
    assert dict(written) == dict.fromkeys(agent.answered, 1)
    left = Counter(mail["Message-ID"] for mail in sink.mails)
    assert set(left.values()) == {1}
    fates = dict(
        asked(desk, "SELECT delivery, count(*) FROM tickets_message WHERE direction = 'out' AND public GROUP BY 1")
    )
    assert fates["sent"] <= len(left) <= sum(fates.values())
    assert set(fates) <= {"sent", "sending", "unsure"}
    assert fates["sent"] + fates.get("sending", 0) + fates.get("unsure", 0) == REPLIES


def asked(desk: Desk, question: str) -> list[tuple[object, ...]]:
    """Of the database; it may be starting again just now."""
    end = time.monotonic() + 60
    while True:
        try:
            with psycopg.connect(postgres.dsn(desk.data), autocommit=True) as link:
                return link.execute(question).fetchall()
        except psycopg.OperationalError:
            assert time.monotonic() < end, "the database does not come back"
            time.sleep(0.2)
