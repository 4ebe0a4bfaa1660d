import subprocess
import sys

import pytest

from towerdesk.channels.email.bounce import read_bounce
from towerdesk.channels.email.bouncing.diagnosis import find_status, reason_of, reply_code, status_of
from towerdesk.channels.email.bouncing.reasons import CODES, REASONS
from towerdesk.channels.email.mail import Bounce
from towerdesk.channels.email.parse import parse

TOP = """\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.customer.example>
To: support@desk.example
"""
OURS = """\
From: Support <support@desk.example>
To: Mara <mara@customer.example>
Subject: Your order
Message-ID: <m12.abc@desk.example>
References: <first@customer.example> <second@customer.example>

Your parcel left on Monday.
"""


def read(text: str) -> Bounce | None:
    raw = text.encode()
    return read_bounce(parse(raw), raw)


def report(fields: str) -> str:
    return f"""{TOP}Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

I could not deliver your mail.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.example

{fields}

--b
Content-Type: message/rfc822

{OURS}
--b--
"""


def test_a_report_names_the_recipient_and_our_mail():
    bounce = read(report("Final-Recipient: rfc822; MARA@customer.example\nAction: failed\nStatus: 5.1.1\n"
                         "Diagnostic-Code: smtp; 550 5.1.1 <mara@customer.example>: user unknown"))  # fmt: skip
    assert bounce
    assert bounce.original_message_id == "m12.abc@desk.example"
    assert bounce.original_to == ["mara@customer.example"]
    assert bounce.original_references == ["first@customer.example", "second@customer.example"]
    [failed] = bounce.failed
    assert (failed.recipient, failed.status, failed.reply_code) == ("mara@customer.example", "5.1.1", "550")
    assert (failed.permanent, failed.reason) == (True, "unknown_user")


def test_what_the_server_said_beats_a_general_status():
    bounce = read(report("Final-Recipient: rfc822; mara@customer.example\nAction: failed\nStatus: 5.0.0\n"
                         "Diagnostic-Code: smtp; 552 5.2.2 mailbox full"))  # fmt: skip
    assert bounce
    assert (bounce.failed[0].status, bounce.failed[0].reason) == ("5.2.2", "mailbox_full")


def test_a_delay_is_not_final():
    bounce = read(report("Final-Recipient: rfc822; mara@customer.example\nAction: delayed\nStatus: 4.4.1"))
    assert bounce
    assert not bounce.failed[0].permanent


def test_a_report_of_success_is_no_bounce():
    assert read(report("Final-Recipient: rfc822; mara@customer.example\nAction: delivered\nStatus: 2.0.0")) is None


QMAIL = "I wasn't able to deliver your message.\n\n<mara@customer.example>:\n550 No such user. (#5.1.1)"
EXCHANGE = "did not reach these recipients:\n\nmara@customer.example on Monday\n  The recipient name is not recognized"
GERMAN = "Ihre Nachricht konnte nicht zugestellt werden:\n\nmara@customer.example\nDas Postfach ist voll."
FRENCH = "Votre message n'a pas pu être remis à:\nmara@customer.example\nUtilisateur inconnu"
EXIM = "could not be delivered:\n\n  mara@customer.example\n    Unrouteable address"
SENDMAIL = "--- The following addresses had permanent fatal errors ---\n<mara@customer.example>\n550 Host unknown"


@pytest.mark.parametrize(
    ("subject", "notice", "status", "reason"),
    [
        ("failure notice", QMAIL, "5.1.1", "unknown_user"),
        ("Undeliverable: Your order", EXCHANGE, "5.1.1", "unknown_user"),
        ("Unzustellbar: Ihre Bestellung", GERMAN, "5.2.2", "mailbox_full"),
        ("Échec de la remise", FRENCH, "5.1.1", "unknown_user"),
        ("Mail delivery failed", EXIM, "5.1.1", "unknown_user"),
        ("Returned mail: Host unknown", SENDMAIL, "5.0.0", "unknown_host"),
    ],
)
def test_notices_in_prose(subject, notice, status, reason):
    bounce = read(f"{TOP}Subject: {subject}\n\n{notice}\n\n--- Below this line is a copy of the message.\n\n{OURS}")
    assert bounce
    [failed] = bounce.failed
    assert (failed.recipient, failed.status, failed.reason) == ("mara@customer.example", status, reason)
    assert bounce.original_message_id == "m12.abc@desk.example"


def test_a_person_who_writes_about_a_bounce_is_no_bounce():
    text = "From: Mara <mara@customer.example>\nTo: support@desk.example\nSubject: Undelivered mail\n\n"
    assert read(f"{text}My mail was returned: 550 5.1.1 user unknown. Why?") is None


def test_a_postmaster_who_writes_is_no_bounce():
    text = "From: postmaster@customer.example\nTo: support@desk.example\nSubject: Our new invoice address\n\n"
    assert read(f"{text}Please send invoices to billing@customer.example from now on.") is None


def test_codes_are_told_from_other_numbers():
    assert find_status("", "host 192.0.2.55 said: 550 5.7.1 no", "550") == "5.7.1"
    assert find_status("", "host 5.1.1.1 port 450", "") == ""
    assert reply_code("delivered to port 550 of 10.450.1.2") == ""
    assert reply_code("554-5.7.1 rejected") == "554"


def test_every_reason_has_a_sentence_and_a_code():
    assert set(CODES) == set(REASONS)
    assert all(sentence.endswith(".") for sentence in REASONS.values())
    assert status_of("mailbox_full", permanent=False) == "4.2.2"


def test_short_phrases_are_whole_words():
    assert reason_of("Please try double-checking it", "5.1.1") == "unknown_user"
    assert reason_of("listed by our rbl", "") == "blocked"


def test_hostile_notices_end():
    """Two megabytes each; a quadratic step anywhere would take minutes instead of seconds."""
    done = subprocess.run([sys.executable, "-c", HOSTILE], timeout=120, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "68"


HOSTILE = """
from towerdesk.channels.email.bounce import read_bounce
from towerdesk.channels.email.mail import Address, Mail
sender = Address("", "mailer-daemon@x.example")
daemon = Mail(sender=sender, subject="failure notice", return_path="", headers={"from": ["x"]})
pieces = ["a@b.example\\n", "!" * 500 + "@\\n", "-" * 90 + "\\n", "\\n", " ", "550 5.1.1 ", "5.",
          "Action: failed\\n\\n",
          "Final-Recipient: rfc822; a@b.c\\n", "Message-ID: <a@b>\\n ", "rcpt to: <a@b> user a@b\\n",
          "mailbox for ",
          ">" * 79 + "this\\n", "<style>", "<!--", "<a ", "<br"]
ended = 0
for piece in pieces:
    for kind in ("text/plain", "text/html", "message/delivery-status", "message/rfc822"):
        head = f"From: MAILER-DAEMON@x.example\\nContent-Type: {kind}\\n\\n"
        read_bounce(daemon, (head + piece * (2_000_000 // len(piece))).encode())
        ended += 1
print(ended)
"""
