"""The page that was given out, the work, the network, the words, the bytes."""

import re
from hashlib import sha256

import pytest

from towerdesk.channels.webform.drawn import Drawn, draw, drawn_before, worth
from towerdesk.channels.webform.files import is_program, tidy
from towerdesk.channels.webform.network import network_of
from towerdesk.channels.webform.said import Said, SaidPage, read
from towerdesk.channels.webform.words import QUOTES, Words, words_of
from towerdesk.tickets.taxonomy.form_page import LANGUAGES


def test_a_page_is_known_again_and_only_for_its_form():
    drawn = draw("repair", 14)

    assert drawn_before(drawn.token, "repair") == drawn
    assert drawn_before(drawn.token, "billing") is None
    for forged in (drawn.token[:-1], drawn.token.replace(".14.", ".1."), "repair.x", "", drawn.token + "a", "repair.é"):
        assert drawn_before(forged, "repair") is None


def test_work_is_worth_its_zero_bits():
    drawn = Drawn("repair", "ab" * 12, 8, 0)
    good = next(number for number in range(10_000) if sha256(f"{drawn.key}:{number}".encode()).digest()[0] == 0)

    assert worth(drawn, str(good)) >= 8
    for nothing in ("", "x", "-1", "1" * 17, "١"):
        assert worth(drawn, nothing) == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2ff::9", "2001:db8:1:200::/56"),
        ("[2001:db8::1]", "2001:db8::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        ("", "unknown"),
        ("evil", "unknown"),
    ],
)
def test_a_network_is_all_that_is_kept(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize("name", ["a.exe", "photo.png.JS", "x.SVG", "page.html ", "run.sh"])
def test_programs_are_known_by_any_of_their_endings(name):
    assert is_program(name, b"")


def test_names_lose_their_folders_and_types_are_ours():
    assert tidy("C:\\fakepath\\..\\Foto 1.JPG") == ("Foto 1.JPG", "image/jpeg")
    assert tidy("../../etc/passwd") == ("passwd", "application/octet-stream")
    assert tidy("...") == ("file", "application/octet-stream")
    assert not is_program("report.pdf", b"%PDF-1.7")


def test_what_was_sent_reads_as_an_arrival_that_nobody_vouches_for():
    said = Said(
        form="repair",
        form_name="Repair",
        key="k",
        email="mara@lindqvist.example",
        subject="It drips",
        text="Since today.",
    )

    incoming = read(said.as_bytes())
    assert (incoming.sender, incoming.subject, incoming.external_id) == (said.email, "It drips", "k")
    assert incoming.trust["verified"] is False

    embedded = said.model_copy(update={"page": SaidPage(address="https://shop.example/solo", title="Solo")})
    assert "on “Solo”, https://shop.example/solo." in str(read(embedded.as_bytes()).trust["sentence"])


def test_every_language_says_everything_with_the_same_blanks():
    english = words_of("en")
    assert set(LANGUAGES) == set(QUOTES)
    for code in LANGUAGES:
        words = words_of(code)
        assert set(words) == set(english), code
        for name, sentence in words.items():
            assert set(re.findall(r"{(\w+)}", sentence)) == set(re.findall(r"{(\w+)}", english[name])), f"{code} {name}"


def test_names_are_put_together_as_people_do():
    assert Words("en").named(["One"]) == "“One”"
    assert Words("de").named(["Eins", "Zwei", "Drei"]) == "„Eins“, „Zwei“ und „Drei“"
    assert Words("xx")["send"] == "Send"
