"""Measured floors over real replies; the figures and what is left stand in docs/reference/mail.md."""

import pytest

from tests.data import data
from towerdesk.channels.email.clean import visible_html, visible_text
from towerdesk.channels.email.tests.reply_data import (
    body_of,
    crisp,
    plain,
    squeezed,
    talon_plain,
    talon_signatures,
    text_of,
)


def test_plain_replies_of_many_programs_and_languages():
    number, missed = crisp()
    assert number >= 70
    assert len(missed) / number <= 0.02, missed


def test_plain_replies_of_twelve_mail_programs():
    number, strictly, missed = talon_plain()
    assert number == 12
    assert missed == []
    assert len(strictly) <= 2, "only the two whose expected reply holds a signature"


def test_html_replies_of_nine_mail_programs():
    files = sorted((data("email-replies-talon") / "html_replies").glob("*.html"))
    shown = {file.name: text_of(visible_html(file.read_text(errors="replace"))) for file in files}
    assert len(files) == 9
    assert [name for name, text in shown.items() if squeezed(text) != "Hi.Iamfine.Thanks,Alex"] == []


@pytest.mark.parametrize(
    ("name", "reply"), [("OLK_SRC_BODY_SECTION.html", "Reply"), ("reply-separated-by-hr.html", "Hi there Bob")]
)
def test_reply_and_quote_in_one_outlook_mail(name, reply):
    assert plain(text_of(visible_html((data("email-replies-talon") / name).read_text()))) == reply


def test_reply_and_quote_that_share_a_block():
    file = data("email-replies-talon") / "reply-quotations-share-block.eml"
    assert plain(visible_text(body_of(file, "text/plain"))).endswith("hearing from you soon. Joe XXX")
    assert plain(text_of(visible_html(body_of(file, "text/html")))).endswith("hearing from you soon. Jhon Doe")


def test_signatures_by_the_sender_s_name():
    number, missed = talon_signatures()
    assert number == 6
    assert missed == ["short_url_body"], "a bare 'Thank you, / Noam' stays visible on purpose"
