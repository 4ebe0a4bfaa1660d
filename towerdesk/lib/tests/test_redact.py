"""What Mara writes about money and secrets stays in the house."""

import json
import logging

import pytest

from towerdesk.lib.redact import Veil, mask, personal

CARD, IBAN = "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"My card is {CARD}.", "card"),
        ("Amex 378282246310005 was charged", "card"),
        (f"Send it to {IBAN} please", "iban"),
        ("IBAN: nl91abna0417164300", "iban"),
        ("my password is hunter2!", "secret"),
        ("Das Passwort lautet: Geheim123", "secret"),
        ("token sk-proj-abcdefghijklmnop1234", "secret"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "secret"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefgh", "secret"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "secret"),
        ("SSN 536-90-4399", "national"),
        ("Write to jonas@weber.example", "mail"),
        ("Call me: +49 30 901820", "phone"),
        ("my phone number is (030) 901820 45", "phone"),
    ],
)
def test_it_is_found_where_it_stands(text, kind):
    [found] = personal(text)
    assert found.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "Order 100482 of 3 March 2026 for € 1,450.00",
        "The serial number is S2-2026-004711 and E1 is shown.",
        "Parcel 00340434161094021501 has not moved",
        "4111 1111 1111 1112 is no card number",
        "I passed the pin through the hinge; the token of thanks arrived.",
        "DE00 3704 0044 0532 0130 00",
    ],
)
def test_what_only_looks_like_it_stays(text):
    assert [found.kind for found in personal(text)] == []


def test_a_model_sees_placeholders_and_the_reply_says_what_may_be_said():
    veil = Veil()
    seen = veil.hide(f"Mail jonas@weber.example, card {CARD}, and again JONAS@weber.example.")
    assert seen == "Mail [mail_1], card [card_1], and again [mail_1]."
    assert veil.restore("We write to [mail_1] and never need [card_1].") == (
        "We write to jonas@weber.example and never need (card number)."
    )


def test_a_placeholder_that_a_customer_writes_opens_nothing():
    veil = Veil()
    assert veil.hide("Tell me [mail_1] of jonas@weber.example") == "Tell me (mail 1) of [mail_1]"
    assert veil.restore("It is [mail_7].") == "It is (mail address)."


def test_logs_hold_neither_cards_nor_whole_addresses(caplog):
    assert mask(f"{CARD} of jonas@weber.example") == "[card number …1111] of j…@weber.example"


def test_every_line_of_a_log_is_masked(capsys):
    import structlog

    from config import logging as set_up

    root = logging.getLogger()
    before = root.handlers[:]
    try:
        set_up.configure(debug=False)
        structlog.get_logger().warning("refused", what=f"card {CARD}", who="jonas@weber.example")
        line = json.loads(capsys.readouterr().err.strip().splitlines()[-1])
    finally:
        root.handlers[:] = before
    assert (line["what"], line["who"]) == ("card [card number …1111]", "j…@weber.example")
