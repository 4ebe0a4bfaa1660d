import subprocess
import sys

import pytest

from towerdesk.channels.email.clean import REPLY_LINE, visible, visible_text
from towerdesk.channels.email.mail import Address, Mail
from towerdesk.channels.email.tests.quote_words import BLOCKS, CONTENT, SENT_FROM, WROTE

MARA_SAYS = "Hello,\n\nI still wait. Since Monday.\nWhere is it?"
WE_SAID = "Your parcel left on Monday.\nIt comes tomorrow."


@pytest.mark.parametrize("header", WROTE.values(), ids=WROTE)
@pytest.mark.parametrize(
    "quote", [WE_SAID, "> Your parcel left on Monday.\n> It comes tomorrow."], ids=["bare", "marked"]
)
def test_what_mara_answers_is_told_from_what_we_said(header, quote):
    assert visible_text(f"{MARA_SAYS}\n{header}\n\n{quote}") == MARA_SAYS


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_outlook_puts_a_block_of_headers_over_the_quote(block):
    assert visible_text(f"{MARA_SAYS}\n\n{block}\n\n{WE_SAID}") == MARA_SAYS


@pytest.mark.parametrize("line", SENT_FROM)
def test_a_phone_s_signature_is_no_part_of_the_answer(line):
    found = visible(Mail(text=f"{MARA_SAYS}\n\n{line}\n"))
    assert (found.text, found.signature) == (MARA_SAYS, line)


@pytest.mark.parametrize("content", CONTENT)
def test_what_only_looks_like_a_quote_or_a_signature_stays(content):
    assert visible_text(f"Hello there.\n\n{content}") == f"Hello there.\n\n{content}"


@pytest.mark.parametrize(
    "separator",
    ["-----Original Message-----", "-------- Weitergeleitete Nachricht --------", "----- Mensaje original -----",
     "-----Ursprüngliche Nachricht-----", "-----原始邮件-----", "-------- Исходное сообщение --------"],
)  # fmt: skip
def test_everything_under_an_original_message_line_is_quoted(separator):
    found = visible(Mail(text=f"{MARA_SAYS}\n\n{separator}\n\n{WE_SAID}"))
    assert found.text == MARA_SAYS
    assert WE_SAID in found.quoted


def test_jonas_answers_between_and_under_the_quotes():
    text = "On 5 Mar 2024, at 10:15, Ana wrote:\n> Which size?\n\nSize 42.\n\n> Which colour?\n\nBlue.\n"
    assert visible_text(text) == "Size 42.\n\nBlue."


def test_jonas_answers_under_the_whole_quote():
    assert visible_text("Am 05.03.2024 um 10:15 schrieb Ana:\n> Geht es?\n>\n> Ana\n\nJa, danke!") == "Ja, danke!"


def test_a_quoted_line_that_was_wrapped_stays_quoted():
    long = "> In efficitur augue ac tristique ullamcorper. Aenean tincidunt ornare diam,"
    assert visible_text(f"Ok.\n\n{long}\neget accumsan est viverra quis.\n> Bye") == "Ok."


def test_our_reply_line_ends_the_answer():
    assert visible_text(f"It works now.\n\n{REPLY_LINE}\n\nTicket 12\n{WE_SAID}") == "It works now."
    assert visible_text(f"Ok.\n\n##- Bitte oberhalb dieser Zeile antworten -##\n{WE_SAID}") == "Ok."


def test_a_mail_that_only_quotes_is_shown_whole():
    text = "-----Original Message-----\nFrom: Ana <ana@desk.example>\nSubject: Order\n\nWhere is it?"
    assert visible_text(text) == text


def test_a_forwarded_mail_is_shown_whole():
    text = (
        f"Please help her.\n\n---------- Forwarded message ---------\nFrom: Mara <m@c.example>\nSubject: x\n\n{WE_SAID}"
    )
    assert visible(Mail(subject="Fwd: x", text=text)).text == text
    assert visible(Mail(subject="Re: Fwd: x", text=text)).text == "Please help her."


def test_a_card_goes_and_a_plain_sign_off_stays():
    card = "Kind regards,\n\nMara Okafor\nHead of Shipping\nOkafor Ltd\n+49 30 1234567"
    assert visible_text(f"It broke again.\n\n{card}") == "It broke again."
    assert visible_text("It broke again.\n\nThanks,\nMara") == "It broke again.\n\nThanks,\nMara"


def test_the_sender_s_name_over_contact_lines_is_a_signature():
    mail = Mail(
        text="It broke again.\nMara Okafor\nmara@customer.example\nwww.customer.example",
        sender=Address("Mara Okafor", ""),
    )
    assert visible(mail).text == "It broke again."


def test_a_disclaimer_is_set_apart():
    notice = (
        "CONFIDENTIALITY NOTICE: This message is intended only for the recipient. If you are not the intended "
        "recipient, any disclosure or distribution is prohibited; please delete it."
    )
    found = visible(Mail(text=f"My order is late.\n\n{notice}"))
    assert (found.text, found.signature) == ("My order is late.", notice)


def test_code_between_fences_is_never_a_quote():
    text = "It says:\n\n```\n> select 1\n--\nOn 1 Jan 2024, at 10:00, root wrote:\n```\n\nWhy?"
    assert visible_text(text) == text


def test_nothing_is_lost():
    found = visible(Mail(text=f"{MARA_SAYS}\n\n-- \nMara\n\nOn 5 Mar 2024, at 10:15, Ana wrote:\n> Your parcel left"))
    assert (found.text, found.signature) == (MARA_SAYS, "-- \nMara")
    assert found.quoted.endswith("> Your parcel left")


def test_an_empty_mail_has_an_empty_reply():
    assert visible(Mail()).text == ""


def test_hostile_texts_end():
    """Two megabytes each; a quadratic step anywhere would take minutes instead of seconds."""
    done = subprocess.run([sys.executable, "-c", HOSTILE], timeout=120, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "41"


HOSTILE = """
from towerdesk.channels.email.clean import visible_html, visible_text
size = 2_000_000
texts = ["On\\n", "> a\\n", "-----Original Message-----\\n", "From: a@b\\nSent: x\\n", "On 1 Jan 2020 10:00 a@b\\n",
         "wrote:\\n", "--\\na\\n",
         "-----\\nfoo\\n", "a", " ", "- ", "\\n", "Sent from my iPhone\\n", "<", "a@", "a:\\n",
         "> a\\n\\n\\n", "a. 1 <a@b>:\\n", "Thanks\\nAb Cd\\na@b.co\\n\\n", "```\\n> a\\n",
         "this message is confidential, recipient, delete\\n\\n"]
pages = ["<div>", "<blockquote>", "<div class=gmail_quote>", "<b>x", "<span>a</span>", "<br>",
         "<p>On 1 Jan 2020 a@b wrote:</p>",
         "<div class='gmail_quote'><blockquote>x</blockquote></div>", "<div style='border-top: 1px solid'>",
         "<pre>> a\\n"]
ended = 0
for text in texts:
    visible_text("hello\\n" + (text * (size // len(text) + 1))[:size])
    ended += 1
for page in pages:
    for number in (20_000, size // len(page)):
        visible_html("<p>hi</p>" + page * number)
        ended += 1
print(ended)
"""
