from pathlib import Path

import pytest

from tests.data import data
from towerdesk.channels.email.bounce import read_bounce
from towerdesk.channels.email.loops import ANSWER_KINDS, ASIDE_KINDS, QUIET_KINDS, Verdict, kind
from towerdesk.channels.email.mail import Address, Mail, Part
from towerdesk.channels.email.parse import parse

OURS = ["support@desk.example"]


def read(head: str, text: str = "I am on holiday.") -> Verdict:
    mail = parse(f"From: Mara <mara@customer.example>\nTo: support@desk.example\n{head}\n\n{text}".encode())
    return kind(mail, own_addresses=OURS, own_id_domains=["desk.example"])


@pytest.mark.parametrize(
    "head",
    [
        "Subject: My order",
        "Subject: Re: Automatic reply: my order",
        "Subject: Out of office next week?",
        "Subject: Vacation plans",
        "Subject: Auto insurance: a question",
        "Subject: Regarding the delivery",
        "Subject: Hello\nAuto-Submitted: no",
        "Subject: Hello\nPrecedence: normal",
        "Subject: Hello\nX-Auto-Response-Suppress: DR",
        "Subject: Our group\nList-Id: <support.desk.example>\nPrecedence: list\nList-Unsubscribe: <mailto:u@x.example>",
        "Subject: Through our group\nList-Id: <g.desk.example>\nList-Post: <mailto:support@desk.example>",
    ],
)
def test_mara_writes_herself(head):
    assert read(head) == Verdict("", "")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("Subject: Away until May\nAuto-Submitted: auto-replied", "vacation"),
        ("Subject: We got it\nAuto-Submitted: auto-replied (rule)", "vacation"),  # the text tells of a holiday
        ("Subject: Automatic reply: Your order", "vacation"),
        ("Subject: Abwesenheitsnotiz: Ihre Bestellung", "vacation"),
        ("Subject: Réponse automatique : Commande", "vacation"),
        ("Subject: 自動応答: 注文", "vacation"),
        ("Subject: Out of the office until Monday\nX-Auto-Response-Suppress: All", "vacation"),
        ("Subject: x\nX-Autoreply: yes", "vacation"),
        ("Subject: x\nX-Autorespond: x", "vacation"),
        ("Subject: x\nPrecedence: auto_reply", "vacation"),
        ("Subject: x\nReturn-Path: <>\nIn-Reply-To: <a@desk.example>", "vacation"),
        ("Subject: Server down\nAuto-Submitted: auto-generated", "bulk"),
        ("Subject: News\nPrecedence: bulk", "bulk"),
        ("Subject: From my CRM\nList-Unsubscribe: <https://crm.example/u>", "bulk"),
        ("Subject: Receipt\nFeedback-ID: 1:2:3:esp", "bulk"),
        ("Subject: x\nReturn-Path: <>", "bulk"),
        ("Subject: Digest\nList-Id: Users <users.lists.example>", "list"),
        ("Subject: Digest\nPrecedence: list", "list"),
        ("Subject: x\nX-Towerdesk-Ticket: 12", "own"),
        ("Subject: x\nMessage-ID: <m1.k@desk.example>", "own"),
        ("Subject: x\nX-Loop: support@desk.example", "own"),
        ("Subject: Read\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b", "receipt"),
        ("Subject: abuse\nContent-Type: multipart/report; report-type=feedback-report; boundary=b", "complaint"),
        ("Subject: TLS\nContent-Type: multipart/report; report-type=tlsrpt; boundary=b", "report"),
    ],
)
def test_a_machine_wrote(head, expected):
    verdict = read(head)
    assert verdict.kind == expected
    assert verdict.why.endswith(".")


def test_an_answer_that_tells_of_no_holiday_is_an_auto_reply():
    assert read("Subject: Ticket received\nAuto-Submitted: auto-replied", "We will look at it.").kind == "auto_reply"
    assert read("Subject: Ticket 9\nAuto-Submitted: auto-generated\nIn-Reply-To: <a@b>", "Thanks.").kind == "auto_reply"


def test_a_dmarc_report_is_known_by_its_file():
    zipped = Part("google.com!desk.example!1700000000!1700086399.zip", "application/zip", b"")
    assert kind(Mail(parts=[zipped]), own_addresses=OURS).kind == "report"


def test_nobody_reads_a_noreply_address_unless_a_form_says_who_asks():
    nobody = Mail(sender=Address("", "no-reply@shop.example"))
    form = Mail(sender=Address("", "no-reply@shop.example"), reply_to=[Address("Mara", "mara@customer.example")])
    assert kind(nobody, own_addresses=OURS).kind == "bulk"
    assert kind(form, own_addresses=OURS).kind == ""


def test_our_own_address_as_a_sender_is_never_answered_but_kept():
    mail = Mail(sender=Address("", "support@desk.example"), message_id="1@form.example")
    assert kind(mail, own_addresses=OURS).kind == "bulk"


def test_a_bounce_stays_a_bounce_whatever_else_it_says():
    mail = Mail(sender=Address("", "mailer-daemon@mx.example"), headers={"auto-submitted": ["auto-replied"]})
    assert kind(mail, own_addresses=OURS, bounced=True).kind == "bounce"
    assert kind(mail, own_addresses=OURS).kind == "auto_reply"


def test_each_kind_has_one_fate():
    assert not ANSWER_KINDS & (QUIET_KINDS | ASIDE_KINDS)
    assert not QUIET_KINDS & ASIDE_KINDS


def kind_in(file: Path) -> str:
    raw = file.read_bytes()
    mail = parse(raw)
    return kind(mail, own_addresses=OURS, bounced=read_bounce(mail, raw) is not None).kind


def test_no_file_among_the_bounces_becomes_a_ticket_or_is_answered():
    files = sorted((data("email-bounces-sisimai") / "bounces").glob("*.eml"))
    opened = [file.name for file in files if kind_in(file) in ("", "list", "bulk")]
    assert len(files) == 249
    assert opened == []


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("email-bounces-sisimai/bounces/arf-*.eml", {"complaint"}),
        ("email-bounces-sisimai/bounces/rfc3834-*.eml", {"vacation", "auto_reply"}),
        ("email-mime-flanker/messages/complaints/*.eml", {"complaint"}),
        ("email-mime-flanker/messages/disposition-notification.eml", {"receipt"}),
    ],
)
def test_complaints_answers_and_receipts(folder, expected):
    found = {kind_in(file) for file in data("").glob(folder)}
    assert found == expected


@pytest.mark.parametrize(
    "folder", ["email-replies-talon", "email-mime-djangohelpdesk", "email-bounces-sisimai/not-bounces"]
)
def test_people_s_mails_are_people_s_mails(folder):
    files = [file for file in data(folder).rglob("*.eml") if file.name != "rb-issue-368-bug.eml"]
    assert {kind_in(file) for file in files} == {""}
