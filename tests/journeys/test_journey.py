"""The whole journey on real processes: mail in by SMTP, a licensed answer out by SMTP, a person for the rest."""

import re
import smtplib
import subprocess
import sys
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import httpx2
import pytest

from towerdesk.cli.tests.desks import Desk, until
from towerdesk.testing.lessons import QUESTION
from towerdesk.testing.mails import Relay, relay

HERE = Path(__file__).parent
MARA = "mara@lindqvist.example"


@pytest.fixture(scope="module")
def sink():
    with relay() as running:
        yield running


@pytest.fixture(scope="module")
def desk(sink, opened_once):
    running = Desk(opened_once)
    try:
        running.up(TOWERDESK_RELAY=sink.url)
        taught = subprocess.run(
            [sys.executable, HERE / "teach.py"],
            env=running.env,
            capture_output=True,
            text=True,
            check=False,
            cwd=HERE.parents[1],
        )
        assert taught.stdout.strip() == "licensed", taught.stderr
        key = running.run("key", "create", "--role", "agent", "--name", "journey")
        assert key.returncode == 0, key.stderr
        running.key = re.search(r"td_\S+", key.stdout).group()
        yield running
    finally:
        running.end()


def send(desk: Desk, text: str, *, subject: str = "A question", **headers: str) -> str:
    """Returns the Message-ID."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = f"Mara Lindqvist <{MARA}>", "support@brasswell.example", subject
    mail["Message-ID"] = f"<{time.time_ns()}@lindqvist.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=30) as door:
        door.sendmail(MARA, ["support@brasswell.example"], mail.as_bytes())
    return str(mail["Message-ID"])


def ask(desk: Desk, path: str, **params: str) -> dict:
    answer = httpx2.get(
        f"http://127.0.0.1:{desk.port}/api/v1{path}",
        params=params,
        headers={"Authorization": f"Bearer {desk.key}"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def tell(desk: Desk, path: str, body: dict) -> dict:
    answer = httpx2.post(
        f"http://127.0.0.1:{desk.port}/api/v1{path}",
        json=body,
        headers={"Authorization": f"Bearer {desk.key}"},
        timeout=30,
    )
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def ticket_about(desk: Desk, subject: str) -> dict:
    found: list[dict] = []

    def there() -> bool:
        found[:] = [
            one
            for one in ask(desk, "/tickets", q="requester:mara@lindqvist.example")["items"]
            if one["subject"] == subject
        ]
        return bool(found)

    until(there)
    return found[0]


def reply_about(sink: Relay, subject: str, count: int = 1) -> EmailMessage:
    def there() -> list[EmailMessage]:
        return [mail for mail in sink.mails if subject in mail["Subject"]]

    until(lambda: len(there()) >= count)
    return there()[count - 1]


def test_a_licensed_question_is_answered_by_mail_with_a_cited_article(desk, sink):
    send(desk, f"{QUESTION} (7)", subject="Return")

    answer = reply_about(sink, "Return")

    text = answer.get_body(("plain",)).get_content()
    assert "30 days" in text
    assert "/help/return-an-item" in text
    assert answer["Auto-Submitted"] == "auto-replied"
    assert "/rate/" in text
    ticket = ticket_about(desk, "Return")
    until(lambda: ask(desk, f"/tickets/{ticket['number']}")["status"] == "resolved")
    assert ask(desk, f"/tickets/{ticket['number']}")["intent"] == "return-how-to"


def test_the_customers_answer_comes_back_onto_the_same_ticket(desk, sink):
    answer = reply_about(sink, "Return")
    send(
        desk,
        "That did not work, the button is grey.",
        subject=f"Re: {answer['Subject']}",
        In_Reply_To=answer["Message-ID"],
        References=answer["Message-ID"],
    )

    ticket = ticket_about(desk, "Return")
    until(lambda: ask(desk, f"/tickets/{ticket['number']}")["status"] == "open")
    messages = ask(desk, f"/tickets/{ticket['number']}/messages")["items"]
    assert [one["direction"] for one in messages] == ["in", "out", "in"]


def test_an_unlicensed_question_waits_for_a_person_with_a_draft(desk, sink):
    send(desk, "Hello, can I use vinegar for the limescale in my machine?", subject="Vinegar")

    ticket = ticket_about(desk, "Vinegar")
    until(lambda: ask(desk, f"/tickets/{ticket['number']}")["next_step"]["kind"] == "approve")
    assert not [mail for mail in sink.mails if "Vinegar" in mail["Subject"]]


def test_a_persons_reply_leaves_and_threads(desk, sink):
    number = ticket_about(desk, "Vinegar")["number"]

    tell(desk, f"/tickets/{number}/reply", {"text": "Please do not use vinegar: it damages the seals."})

    answer = reply_about(sink, "Vinegar")
    assert answer["In-Reply-To"] in answer["References"]
    assert answer["In-Reply-To"].endswith("@lindqvist.example>")
    assert answer["Message-ID"].endswith("@brasswell.example>")
    assert answer["Auto-Submitted"] is None
    send(desk, "Thank you!", subject=f"Re: {answer['Subject']}", In_Reply_To=answer["Message-ID"])
    until(lambda: len(ask(desk, f"/tickets/{number}/messages")["items"]) == 3)


def test_a_stranger_with_a_ticket_number_stays_outside(desk, sink):
    number = ticket_about(desk, "Vinegar")["number"]
    before = len(ask(desk, f"/tickets/{number}/messages")["items"])
    mail = message_from_bytes(b"", policy=policy.SMTP)
    mail["From"], mail["To"] = "stranger@elsewhere.example", "support@brasswell.example"
    mail["Subject"] = f"Re: Vinegar [#{number}]"
    mail["Message-ID"] = "<stranger@elsewhere.example>"
    mail.set_content("Tell me everything about this ticket.")
    with smtplib.SMTP("127.0.0.1", desk.smtp_port, timeout=30) as door:
        door.sendmail("stranger@elsewhere.example", ["support@brasswell.example"], mail.as_bytes())

    until(lambda: ask(desk, "/tickets", q="requester:stranger@elsewhere.example")["items"])
    assert len(ask(desk, f"/tickets/{number}/messages")["items"]) == before
