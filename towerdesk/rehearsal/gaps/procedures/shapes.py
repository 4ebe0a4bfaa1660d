"""Numbers of one form: what they have in common, without anybody's own."""

import re
from collections.abc import Sequence
from itertools import cycle

NUMBER = re.compile(r"^(?=.*9)[A-Z]{0,4}(?:[-./:, #]?(?:9++|[A-Z]))+$")
"""What we and others call things by: short capitals and digits, never a name or a street."""
FIXED = {
    "date": "24 December",
    "amount": "€ 25.00",
    "email": "name@example.com",
    "phone": "+49 30 1234567",
    "address": "Example Street 5, 12345 Example City",
}
"""Examples of kinds that are written alike everywhere."""


def pattern_of(values: Sequence[str]) -> str:
    r"""`BW-\d{5}` of BW-10001 and BW-20417; empty when they have no form in common, or are no numbers but words."""
    forms = {re.sub(r"\d", "9", value) for value in values}
    if len(forms) != 1 or not NUMBER.match(form := forms.pop()):
        return ""
    parts = re.findall(r"9+|[^9]+", form)
    return "".join(rf"\d{{{len(part)}}}" if part[0] == "9" else re.escape(part).replace(r"\-", "-") for part in parts)


def example_of(values: Sequence[str]) -> str:
    """A made-up one of the same form: BW-12345."""
    if not pattern_of(values):
        return ""
    digits = cycle("1234567890")
    return re.sub(r"\d", lambda _: next(digits), values[0])
