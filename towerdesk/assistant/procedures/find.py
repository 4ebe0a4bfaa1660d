"""Find one slot's value in what somebody wrote, by its kind. Rather nothing than a guess: two candidates are none.

Everything found stands in the text, letter for letter (dates and amounts are then written our way).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import phonenumbers

from towerdesk.assistant.procedures.addresses import address_in
from towerdesk.assistant.procedures.answers import answer_in
from towerdesk.assistant.procedures.model import Slot
from towerdesk.lib.clock import now

LONGEST = 1000
EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
DIGIT = re.compile(r"\d")
MONEY = re.compile(
    r"(?:[€$£]|\b(?:EUR|USD|GBP|CHF)\b)\s?\d[\d.,' ]*|\b\d(?:[\d.,']*\d)?\s?(?:[€$£]|(?:EUR|USD|GBP|CHF|euros?|dollars?|"
    r"pounds?|francs)\b)",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(?<![\w.,-])-?\d+(?:[.,]\d+)?(?![\w-]|[.,]\d)")
NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twelve": 12,
    "eine": 1, "einen": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "acht": 8,
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
}  # fmt: skip
_MONTHS = (
    r"jan\w*|feb\w*|fév\w*|mar\w*|mär\w*|apr\w*|avr\w*|abr\w*|ma[iyo]o?|jun\w*|juin|jul\w*|juil\w*|aug\w*|août|"
    r"ago\w*|"
    r"sep\w*|o[ck]t\w*|nov\w*|de[czc]\w*|déc\w*|dic\w*|ene\w*"
)
MONTH = re.compile(rf"(?:{_MONTHS})\.?(?:\s+\d{{4}})?", re.IGNORECASE)
_UNIT = r"days?|weeks?|months?|tage?n?|wochen?|monate?n?|jours?|semaines?|mois|d[ií]as?|semanas?|mes(?:es)?"
DATES = re.compile(
    rf"\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}}[./]\s?\d{{1,2}}[./](?:\s?\d{{4}})?|\b\d{{1,2}}(?:st|nd|rd|th|\.|"
    rf"er)?\s+(?:of\s+|de\s+)?(?:{_MONTHS})\b\.?(?:\s+(?:de\s+)?\d{{4}})?"
    rf"|\b(?:{_MONTHS})\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?"
    rf"|\b(?:(?:in|for|für|dans|pour|pendant|en|por|durante)\s+)(?:\d{{1,2}}|{'|'.join(NUMBER_WORDS)}|a|un|une|una|"
    rf"einer?m?)\s+(?:{_UNIT})\b"
    r"|\b(?:tomorrow|next (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month)|morgen|demain|"
    r"mañana)\b",
    re.IGNORECASE,
)


def find(
    slot: Slot, text: str, *, language: str = "", among: Sequence[Mapping[str, Any]] = (), alone: bool = False
) -> Any:
    """The value as it is kept, or None. `alone`: the text answers the question for just this slot.

    A choice among records gives the record. Of a `many` slot, a list of all that were named.
    """
    if slot.among:
        found = records_in(text, among, slot.by)
    else:
        found = [value for value in FINDERS[slot.kind](slot, text, language, alone) if fits(slot, value)]
    found = _unique(found)
    if slot.many:
        return found or None
    return found[0] if len(found) == 1 else None


def fits(slot: Slot, value: Any) -> bool:
    """Whether it is what the slot may be; also asked of what people and models fill in."""
    if slot.pattern and not re.fullmatch(slot.pattern, str(value), re.IGNORECASE):
        return False
    if slot.kind == "choice" and value not in {option.value for option in slot.options}:
        return False
    if slot.kind in ("number", "integer", "amount"):
        try:
            number = float(value)
        except (TypeError, ValueError):
            return False
        return (slot.least is None or number >= slot.least) and (slot.most is None or number <= slot.most)
    return True


def _text(slot: Slot, text: str, language: str, alone: bool) -> Iterable[Any]:
    if slot.pattern:
        return [
            found.group().upper() for found in re.finditer(rf"(?<![\w-])(?:{slot.pattern})(?![\w]|-\w)", text, re.I)
        ]
    said = " ".join(text.split())
    return [said[:LONGEST]] if alone and said else []


def _choice(slot: Slot, text: str, language: str, alone: bool) -> Iterable[Any]:
    """The options of which a word stands in the text; one within another's words does not count."""
    hits: list[tuple[int, int, str]] = []
    for option in slot.options:
        for word in (option.value, *option.said):
            hits += [(one.start(), one.end(), option.value) for one in re.finditer(_word(word), text, re.I)]
    return [
        value
        for begin, end, value in hits
        if not any(a <= begin and end <= b and (b - a) > (end - begin) for a, b, other in hits if other != value)
    ]


def _word(word: str) -> str:
    return rf"(?<!\w){re.escape(word).replace(r'\ ', r'\s+').replace('_', r'[\s_-]+')}(?!\w)"


def _email(slot: Slot, text: str, language: str, alone: bool) -> Iterable[Any]:
    return [found.rstrip(".").lower() for found in EMAIL.findall(text)]


def _phone(slot: Slot, text: str, language: str, alone: bool) -> Iterable[Any]:
    if not DIGIT.search(text):
        return []
    region = {"de": "DE", "fr": "FR", "es": "ES"}.get(language)
    found = phonenumbers.PhoneNumberMatcher(text, region)
    return [phonenumbers.format_number(one.number, phonenumbers.PhoneNumberFormat.E164) for one in found]


def _amount(slot: Slot, text: str, language: str, alone: bool) -> Iterable[Any]:
    from price_parser import Price

    prices = [Price.fromstring(piece.strip(" .,'")).amount for piece in MONEY.findall(text)]  # “€ 12.50,” is no 1,250
    if not prices and alone:
        prices = [Price.fromstring(piece).amount for piece in NUMBER.findall(text)]
    return [f"{price:.2f}" for price in prices if price is not None]


def _number(slot: Slot, text: str, language: str, alone: bool) -> Iterable[Any]:
    said = [found.replace(",", ".") for found in NUMBER.findall(text)]
    said += [str(NUMBER_WORDS[word]) for word in re.findall(r"\w+", text.lower()) if word in NUMBER_WORDS and alone]
    return said


def _integer(slot: Slot, text: str, language: str, alone: bool) -> Iterable[Any]:
    return [int(found) for found in _number(slot, text, language, alone) if "." not in found]


def _date(slot: Slot, text: str, language: str, alone: bool) -> Iterable[Any]:
    return [day for piece in DATES.findall(text) if (day := day_of(piece, language))]


def day_of(piece: str, language: str) -> str:
    """The next such day as ISO 8601; empty when it is none."""
    import dateparser

    said = re.sub(
        r"^(?:for|für|pour|pendant|por|durante)\b",
        {"de": "in", "fr": "dans", "es": "en"}.get(language, "in"),
        piece,
        flags=re.I,
    )
    said = re.sub(r"\b(\d{1,2})(?:st|nd|rd|th)\b", r"\1", said, flags=re.I)
    asked = {"PREFER_DATES_FROM": "future", "RELATIVE_BASE": now().replace(tzinfo=None), "DATE_ORDER": "DMY"}
    languages = [*dict.fromkeys([language or "en", "en"])]
    found: datetime | None = dateparser.parse(said, languages=languages, settings=asked)
    return found.date().isoformat() if found else ""


def _yes_no(slot: Slot, text: str, language: str, alone: bool) -> Iterable[Any]:
    said = answer_in(text) if alone else ""
    return [said == "yes"] if said in ("yes", "no") else []


def _address(slot: Slot, text: str, language: str, alone: bool) -> Iterable[Any]:
    """“24. Dezember 2026” has the form of a street and a town."""
    return [one for one in address_in(text) if not MONTH.fullmatch(one["city"])]


def _record(slot: Slot, text: str, language: str, alone: bool) -> Iterable[Any]:
    return []


FINDERS: dict[str, Callable[[Slot, str, str, bool], Iterable[Any]]] = {
    "text": _text, "choice": _choice, "email": _email, "phone": _phone, "amount": _amount, "number": _number,
    "integer": _integer, "date": _date, "yes_no": _yes_no, "address": _address, "record": _record,
}  # fmt: skip


def records_in(text: str, among: Sequence[Mapping[str, Any]], by: Sequence[str]) -> list[Any]:
    """The records that the text names: by a number however it is written, or by the words of a name.

    The first field that tells decides; a later one, such as a name, only when no earlier one was said.
    """
    for field in by:
        found = [record for record in among if _names(text, str(record.get(field) or ""))]
        whole = [one for one in found if not _is_part(one, found, field)]
        if whole:
            return [dict(one) for one in whole]
    return []


def _names(text: str, value: str) -> bool:
    if not value:
        return False
    if re.search(r"\d{4}", value):
        return _squeezed(value) in {_squeezed(word) for word in re.findall(r"\w[\w-]*", text)} or bool(
            re.search(rf"(?<!\d){re.sub(r'\D', '', value)}(?!\d)", text)
            if re.fullmatch(r"[A-Za-z]{0,3}-?\d+", value)
            else None
        )
    return bool(re.search(_word(value), text, re.I)) or _speaks_of(text, value)


def _speaks_of(text: str, value: str) -> bool:
    """The first telling word of a name of several: "Drift" of "Drift grinder"; numbers and sizes do not tell."""
    words = re.findall(r"[^\W\d]{4,}", value)
    return bool(words) and any(re.search(rf"(?<!\w){re.escape(word)}s?(?!\w)", text, re.I) for word in words[:2])


def _is_part(one: Mapping[str, Any], found: Sequence[Mapping[str, Any]], field: str) -> bool:
    """Its name lies within another's that was named too."""
    mine = str(one.get(field)).lower()
    return any(mine != (other := str(two.get(field)).lower()) and mine in other for two in found)


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _unique(values: Iterable[Any]) -> list[Any]:
    kept: list[Any] = []
    for value in values:
        if value not in kept:
            kept.append(value)
    return kept
