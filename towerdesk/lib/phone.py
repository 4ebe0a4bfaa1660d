"""Telephone numbers: as they are kept (E.164), and as people write them."""

import phonenumbers

from towerdesk.lib.errors import Invalid


def number_words(number: str) -> str:
    """+4930123456 → +49 30 123456. What is no whole number stays as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def e164(number: str) -> str:
    """`+49 (0)30 123456` → `+4930123456`. Raises `Invalid` for what can't be rung."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise Invalid(f"“{number[:40]}” can't be rung: write the number with its country, such as +49 30 123456.")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
