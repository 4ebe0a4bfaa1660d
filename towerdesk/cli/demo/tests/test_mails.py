"""Mails of customers are real mails."""

import email
import gzip
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default

import pytest

from towerdesk.cli.demo.envelope import quote
from towerdesk.cli.demo.mails import as_mail, bounce_mail, envelope_sender, reply_mail
from towerdesk.cli.demo.strays import AUTOMATIC, KINDS
from towerdesk.cli.demo.traffic import Generator

MONDAY = datetime(2026, 11, 9, 8, 30, tzinfo=UTC)
OURS = {
    "From": "Brasswell Support <support@brasswell.example>",
    "Reply-To": "support+t4825.k3@brasswell.example",
    "Message-ID": "<4825.1@brasswell.example>",
    "References": "<first@letterbox.example>",
    "Subject": "Re: Where is B-20044?",
}


def read(data: bytes) -> EmailMessage:
    return email.message_from_bytes(data, policy=default)


def plain(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_every_mail_can_be_read_again_with_the_standard_library():
    for request in Generator(5).requests(300):
        mail = read(as_mail(request, "support@brasswell.example", MONDAY))
        assert not mail.defects
        assert mail["from"].addresses[0].addr_spec == request.person.email
        assert mail["from"].addresses[0].display_name == request.person.name
        assert (mail["subject"] or "") == request.subject
        assert mail["date"].datetime == MONDAY
        assert plain(mail).strip() == request.body.strip()
        assert len(list(mail.iter_attachments())) == len(request.attachments)


def test_some_mails_have_html_beside_the_text():
    requests = list(Generator(5).requests(100))
    both = [read(as_mail(request, "support@brasswell.example")) for request in requests if request.html]
    assert 20 < len(both) < 90
    assert all(mail.get_body(("html",)) for mail in both)


def test_the_same_request_makes_the_same_mail_and_message_ids_never_repeat():
    requests = list(Generator(6).requests(200))
    ids = {read(as_mail(request, "support@brasswell.example"))["message-id"] for request in requests}
    assert len(ids) == 200
    first, again = (next(Generator(6).requests(1)) for _ in range(2))
    assert read(as_mail(first, "a@b.example"))["message-id"] == read(as_mail(again, "a@b.example"))["message-id"]


def test_an_answer_threads_and_quotes_ours_below():
    for request in Generator(8).requests(40):
        mail = read(reply_mail(request, OURS, request.says.thanks, quoted="Hello,\n\nit left today.\n\nAna", at=MONDAY))
        assert mail["in-reply-to"] == OURS["Message-ID"]
        assert mail["references"].split() == ["<first@letterbox.example>", OURS["Message-ID"]]
        assert mail["to"].addresses[0].addr_spec == "support+t4825.k3@brasswell.example"
        assert mail["subject"] == OURS["Subject"]
        assert plain(mail).startswith(request.says.thanks)
        assert "it left today." in plain(mail).removeprefix(request.says.thanks)


def test_an_answer_to_a_whole_mail_quotes_its_text():
    ours = EmailMessage()
    ours["From"], ours["Message-ID"], ours["Subject"] = "repairs@brasswell.example", "<1@brasswell.example>", "Steam"
    ours.set_content("Please clean the tip.\n")
    mara = next(request for request in Generator(9).requests(50) if request.person.program == "web")
    assert quote("Please clean the tip.") in plain(read(reply_mail(mara, ours, "Done, thanks")))


def test_two_answers_of_one_customer_are_two_mails():
    jonas = next(Generator(9).requests(1))
    one, two = (read(reply_mail(jonas, OURS, text)) for text in ("B-20044", "Thank you!"))
    assert one["message-id"] != two["message-id"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_stray_mail_can_be_read(kind):
    writer = Generator(11)
    for _ in range(10):
        request = writer.stray(MONDAY, kind)
        mail = read(as_mail(request, "support@brasswell.example", MONDAY))
        assert request.kind == kind
        assert mail["subject"] == request.subject
        assert "{" not in request.body + request.subject
        assert request.needs_person == (kind not in AUTOMATIC)


def test_robots_say_that_they_are_robots():
    writer = Generator(12)
    assert read(as_mail(writer.stray(kind="auto_reply"), "a@brasswell.example"))["auto-submitted"] == "auto-replied"
    assert read(as_mail(writer.stray(kind="newsletter"), "a@brasswell.example"))["list-unsubscribe"]
    assert envelope_sender(writer.stray(kind="bounce")) == ""
    assert envelope_sender(writer.request()).endswith(".example")


def test_a_bounce_names_the_mail_that_came_back():
    request = Generator(13).stray(kind="bounce")
    sent = {**OURS, "To": "Mara Lindqvist <mara@posthuset.example>"}
    mail = read(bounce_mail(request, "support@brasswell.example", sent))
    assert mail.get_content_type() == "multipart/report"
    _, status, headers = mail.iter_parts()
    assert status.get_payload()[1]["final-recipient"] == "rfc822; mara@posthuset.example"
    assert OURS["Message-ID"] in headers.get_payload()


def test_a_dmarc_report_holds_a_report():
    mail = read(as_mail(Generator(14).stray(kind="dmarc_report"), "support@brasswell.example"))
    [report] = mail.iter_attachments()
    assert b"<policy_published>" in gzip.decompress(report.get_content())


def test_an_unknown_kind_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="there are: newsletter"):
        Generator(1).stray(kind="telegram")
