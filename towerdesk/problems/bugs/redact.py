"""Take out of a text who it is about, before it goes to an issue tracker: addresses, numbers, names, keys, links' secrets."""

import re
from collections.abc import Iterable

import phonenumbers

MAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
LINK = re.compile(r"(https?://[^\s?#<>]{1,500})[?#][^\s<>]{1,2000}")
LONG = re.compile(r"\b(?:[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?|\d[\d -]{11,22}\d)\b")
"""Account and card numbers, written together or in groups."""
NETWORK = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")
KEY = re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])[\w-]{24,}\b")
"""What is long, and letters and digits mixed: tokens, sessions, keys."""
LEAST_NAME = 3


def redacted(text: str, names: Iterable[str] = ()) -> str:
    """`names` are those of the people concerned, whole; each word of them is taken out where it stands as a name."""
    text = MAIL.sub("[mail]", text)
    text = LINK.sub(r"\1?[…]", text)
    text = LONG.sub("[number]", text)
    text = NETWORK.sub("[network address]", text)
    text = _without_phones(text)
    text = KEY.sub("[key]", text)
    for name in sorted(_words(names), key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", "[name]", text, flags=re.I if " " in name else re.NOFLAG)
    return text


def _without_phones(text: str) -> str:
    found = list(phonenumbers.PhoneNumberMatcher(text, "DE", leniency=phonenumbers.Leniency.POSSIBLE))
    for match in reversed(found):
        digits = sum(letter.isdigit() for letter in match.raw_string)
        if digits >= 7:
            text = f"{text[: match.start]}[phone]{text[match.end :]}"
    return text


def _words(names: Iterable[str]) -> set[str]:
    wholes = {" ".join(name.split()) for name in names}
    parts = {part for name in wholes for part in name.split(" ")}
    return {one for one in wholes | parts if len(one) >= LEAST_NAME}
