"""What a reply looks like when it leaves."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from towerdesk.channels.contract import Outgoing, Question, Quote
from towerdesk.channels.email.clean import REPLY_LINE, visible, visible_text
from towerdesk.channels.email.compose import compose
from towerdesk.channels.email.mail import Mail
from towerdesk.channels.email.parse import parse
from towerdesk.channels.email.read import read
from towerdesk.lib.html import from_text

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
REPLY = Outgoing(
    message=77,
    ticket=1042,
    inbox="support@brasswell.example",
    sender_name="Ana · Brasswell",
    to=["mara@lindqvist.example"],
    cc=[],
    subject="Group head drips",
    text="Turn it by half.\n\nAna",
    html=from_text("Turn it by half.\n\nAna"),
    written_at=AT,
    answers="asked@lindqvist.example",
    thread=["first@x.example", "asked@lindqvist.example"],
    quote=Quote("Mara Lindqvist", AT, "It drips.\nWhat can I do?"),
    question=Question(
        "Did this help?", [("Yes", "https://desk.example/rate/x/3"), ("No", "https://desk.example/rate/x/1")]
    ),
)


def read_back(outgoing: Outgoing) -> EmailMessage:
    parsed = message_from_bytes(compose(outgoing), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_the_headers_thread():
    mail = read_back(REPLY)

    assert mail["Subject"] == "Re: Group head drips [#1042]"
    assert mail["In-Reply-To"] == "<asked@lindqvist.example>"
    assert mail["References"].split() == ["<first@x.example>", "<asked@lindqvist.example>"]
    assert mail["From"].addresses[0].display_name == "Ana · Brasswell"
    assert mail["Reply-To"].addresses[0].addr_spec.startswith("support+t1042.")
    assert mail["Date"].datetime == AT


def test_no_header_makes_it_a_mailing_list():
    assert not [name for name in set(read_back(REPLY)) if name.lower().startswith(("list-", "precedence"))]


def test_what_no_person_wrote_says_so():
    by_hand, by_itself = read_back(REPLY), read_back(replace(REPLY, automatic=True))

    assert (by_hand["Auto-Submitted"], by_itself["Auto-Submitted"]) == (None, "auto-replied")
    assert by_itself["X-Auto-Response-Suppress"] == "All"


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("Re: AW: Re: Drips [#1042] [#7]", "Re: Drips [#1042]"),
        ("[#1042] Re: Drips", "Re: Drips [#1042]"),
        ("", "Re: (no subject) [#1042]"),
        ("Größe 😀", "Re: Größe 😀 [#1042]"),
        ("Drips\r\nBcc: all@x.example", "Re: Drips Bcc: all@x.example [#1042]"),
    ],
)
def test_the_subject_has_one_mark_and_one_number(subject, said):
    mail = read_back(replace(REPLY, subject=subject))

    assert mail["Subject"] == said
    assert mail["Bcc"] is None


def test_text_and_html_say_the_same_above_the_line():
    mail = read_back(REPLY)
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    html = mail.get_body(("html",)).get_content()

    assert text.startswith("Turn it by half.\n\nAna\n\nDid this help?\nYes: https://desk.example/rate/x/3\n")
    assert text.index(REPLY_LINE) < text.index("> It drips.")
    assert '<a href="https://desk.example/rate/x/3">Yes</a>' in html


def test_the_customers_answer_to_it_reads_clean():
    ours = parse(compose(REPLY))
    quoted = "\r\n".join(f"> {line}" for line in ours.text.splitlines())
    said = f"That works.\r\n\r\nOn 24 Nov 2026, Ana wrote:\r\n{quoted}\r\n"
    answer = f"From: mara@lindqvist.example\r\nSubject: Re: x\r\n\r\n{said}"

    assert read(answer.encode(), {}, []).visible == "That works."


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("", "On 4 Mar 2026 at 09:30 UTC, Mara Lindqvist wrote:"),
        ("de", "Am 4. März 2026 um 09:30 UTC schrieb Mara Lindqvist:"),
        ("fr", "Le 4 mars 2026 à 09:30 UTC, Mara Lindqvist a écrit :"),
        ("es", "El 4 de marzo de 2026 a las 09:30 UTC, Mara Lindqvist escribió:"),
        ("it", "Il 4 marzo 2026 alle 09:30 UTC, Mara Lindqvist ha scritto:"),
        ("pt-BR", "Em 4 de março de 2026 às 09:30 UTC, Mara Lindqvist escreveu:"),
        ("nl", "Op 4 maart 2026 om 09:30 UTC schreef Mara Lindqvist:"),
        ("sv", "Den 4 mars 2026 kl. 09:30 UTC skrev Mara Lindqvist:"),
        ("pl", "4 marca 2026 o 09:30 UTC Mara Lindqvist pisze:"),
        ("xx", "On 4 Mar 2026 at 09:30 UTC, Mara Lindqvist wrote:"),
    ],
)
def test_who_wrote_the_quoted_mail_is_said_in_the_customers_language_and_their_answer_reads_clean(language, said):
    quote = Quote("Mara Lindqvist", datetime(2026, 3, 4, 9, 30, tzinfo=UTC), "It drips.\nWhat can I do?", language)
    mail = read_back(replace(REPLY, quote=quote))
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    html = mail.get_body(("html",)).get_content()
    quoted = "\n".join(f"> {line}" for line in text.splitlines())
    own = text[text.index("##-") :]

    assert f"-##\n{said}\n> It drips." in text
    assert said in html
    assert visible_text(f"That works.\n\n{quoted}\n") == "That works."  # each line marked
    assert visible_text(f"That works.\n\n{own}") == "That works."  # our line left as it was
    assert visible_text(f"That works.\n\n{said}\nIt drips.\nWhat can I do?\n") == "That works."  # nothing marked
    answer = visible(Mail(text="", html=f"<p>That works.</p>{html[html.index('<p style="color:#667">##-') :]}"))
    assert (answer.text, "drips" in answer.html) == ("That works.", False)


def test_markup_in_names_and_quotes_is_only_text():
    html = (
        read_back(replace(REPLY, quote=Quote("<b>Eve</b>", AT, "<script>x</script>"))).get_body(("html",)).get_content()
    )

    assert "<script" not in html
    assert "<b>Eve" not in html


def test_long_ids_stay_whole():
    long = f"{'a' * 120}@eurprd04.prod.outlook.example"
    raw = compose(replace(REPLY, answers=long, thread=[f"{number}.{long}" for number in range(50)]))

    assert f"In-Reply-To: <{long}>".encode() in raw
    assert raw.count(long.encode()) == 1 + 20


@pytest.mark.parametrize("bad", ["a b@x", "a@x>\r\nBcc: all@x.example", "ü@x.example", "<a@x>", "a" * 300])
def test_ids_that_are_none_are_left_out(bad):
    mail = read_back(replace(REPLY, answers=bad, thread=[bad]))

    assert (mail["In-Reply-To"], mail["References"], mail["Bcc"]) == (None, None, None)


@pytest.mark.parametrize("address", ["a..b@docomo.example", "o'neil+x@y.example", '"a b"@y.example', "grüße@y.example"])
def test_odd_addresses_are_written_as_they_are(address):
    [to] = parse(compose(replace(REPLY, to=[address]))).to

    assert to.email == address


@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=300))
def test_no_text_breaks_a_mail_or_adds_a_recipient(subject, name, text):
    mail = read_back(replace(REPLY, subject=subject, sender_name=name, text=text, quote=Quote(name, AT, text), html=""))

    assert [one.addr_spec for one in mail["To"].addresses] == ["mara@lindqvist.example"]
    assert (mail["Cc"], mail["Bcc"]) == (None, None)
    assert set(mail.keys()) <= {
        "Message-ID", "X-Towerdesk-Id", "In-Reply-To", "References", "From", "To", "Reply-To", "Subject", "Date",
        "X-Auto-Response-Suppress", "Content-Type", "MIME-Version",
    }  # fmt: skip
