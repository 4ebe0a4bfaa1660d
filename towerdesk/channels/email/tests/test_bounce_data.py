"""Measured floors over real bounces; the figures and what is left stand in docs/reference/mail.md."""

import pytest

from tests.data import data
from towerdesk.channels.email.bounce import REASONS
from towerdesk.channels.email.tests.bounce_data import NO_BOUNCES, bounce_in, measure


def test_bounces_of_58_mail_systems():
    found = measure()
    assert found.number >= 230
    assert len(found.missed) / found.number <= 0.01, found.missed
    assert len(found.wrong) / found.statuses <= 0.04, found.wrong
    assert len(found.wrong_code) / found.coded <= 0.01, found.wrong_code
    assert found.without_recipient == []


def test_complaints_and_holiday_notes_among_them_are_no_bounces():
    files = [
        file for file in (data("email-bounces-sisimai") / "bounces").glob("*.eml") if file.name.startswith(NO_BOUNCES)
    ]
    assert len(files) == 11
    assert [file.name for file in files if bounce_in(file)] == []


@pytest.mark.parametrize(
    ("folder", "number"),
    [("email-mime-flanker/messages/bounce", 9), ("email-mime-rubymail/multipart_report_emails", 5)],
)
def test_bounces_of_other_collections(folder, number):
    found = [bounce_in(file) for file in sorted(data(folder).glob("*.eml"))]
    assert len(found) == number
    assert all(bounce and bounce.failed for bounce in found)
    assert {one.reason for bounce in found if bounce for one in bounce.failed} <= set(REASONS)


def test_five_wrong_addresses_in_one_bounce():
    bounce = bounce_in(data("email-mime-rubymail/multipart_report_emails") / "multi_address_bounce1.eml")
    assert bounce
    assert len(bounce.failed) == 5
    assert {one.status for one in bounce.failed} == {"5.1.1"}
    assert bounce.original_message_id == "118707422.15521266992174819.JavaMail.root@lvmail01"


BOUNCES_ELSEWHERE = {"raw_email_with_mimepart_without_content_type.eml"}  # Postfix gave up on one recipient
BOUNCE_FOLDERS = {"bounces", "bounce", "multipart_report_emails"}
NAMED_BOUNCE_BY_ITSELF = "rb-issue-368-bug.eml"  # lies with the others, but tells of a full mailbox


def test_ordinary_mail_is_no_bounce():
    files = [
        file
        for name in data("").iterdir()
        if name.name.startswith("email-")
        for file in name.rglob("*.eml")
        if not BOUNCE_FOLDERS & set(file.parts) and file.name not in BOUNCES_ELSEWHERE | {NAMED_BOUNCE_BY_ITSELF}
    ]
    assert len(files) >= 200
    assert [file.name for file in files if bounce_in(file)] == []
