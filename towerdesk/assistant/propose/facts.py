"""What must match exactly between a sentence and its source: numbers with their units, amounts, dates, links, addresses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from towerdesk.assistant.propose.units import CURRENCIES, MONTHS, NUMBER_WORDS, UNITS, WEEKDAYS


@dataclass(frozen=True, slots=True)
class Fact:
    """`value` is normalised: `€ 6.90`, `6,90 €` and `EUR 6.9` are one amount. `unit` is empty for a bare number."""

    kind: str  # link, mail, date, time, amount, percent, quantity, number, code
    value: str
    unit: str
    said: str
    start: int
    end: int

    def fits(self, other: "Fact") -> bool:
        """Whether a source that says `other` carries this. A number may lose its unit, never gain or change one."""
        if (self.kind, self.value, self.unit) == (other.kind, other.value, other.unit):
            return True
        return self.kind == "number" and self.value == other.value and other.kind in ("amount", "quantity", "number")


_NUMBER = r"\d+(?:[.,'\u00a0\u202f ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?"
_COUNTED = rf"(?:{_NUMBER}|\b(?:{'|'.join(NUMBER_WORDS)})\b)"
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_CURRENCY = "|".join(sorted((re.escape(word) for word in CURRENCIES), key=len, reverse=True))
_UNIT = "|".join(sorted((re.escape(word) for word in UNITS), key=len, reverse=True))
_TO = r"\s*(?:to|and|or|bis|und|oder|à|et|ou|a|y|o|-|\u2013|\u2014)\s*"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|\.)?"

PATTERN = re.compile(
    rf"""
    (?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
  | (?P<link>https?://[^\s)>\]"'<]+|www\.[^\s)>\]"'<]+|\b[a-z0-9](?:[a-z0-9-]*\.)+[a-z]{{2,}}(?:/[^\s)>\]"'<]*)?)
  | (?P<iso>\b\d{{4}}-\d{{2}}-\d{{2}}\b)
  | (?P<slashed>\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}\b)
  | (?P<named>\b(?:{_DAY}\s+(?:of\s+|de\s+)?(?:{_MONTH})\b(?:,?\s+(?:de\s+)?\d{{4}})?
             |\b(?:{_MONTH})\s+{_DAY}(?!\d)(?:,?\s+\d{{4}})?))
  | (?P<time>\b\d{{1,2}}:\d{{2}}\b)
  | (?P<version>\b\d+(?:\.\d+){{2,}}\b)
  | (?P<code>\b(?=[\w-]*\d)(?=[\w-]*[^\W\d_])(?!\d+(?:[.,]\d+)?(?:{_UNIT})\b)\w+(?:-\w+)*\b)
  | (?P<amount>(?:(?:{_CURRENCY})\s*(?P<before>{_NUMBER})|(?P<after>{_NUMBER})\s*(?:{_CURRENCY})(?!\w)))
  | (?P<percent>(?P<share>{_COUNTED})\s*(?:%|per\s?cent\b|prozent\b|pour\s?cent\b|por\s?ciento\b))
  | (?P<quantity>(?P<first>{_COUNTED})(?:{_TO}(?P<second>{_COUNTED}))?[\s-]*(?P<unit>{_UNIT})(?!\w))
  | (?P<number>{_NUMBER})
  | (?P<weekday>\b(?:{"|".join(WEEKDAYS)})s?\b)
  | (?P<month>\b(?:{"|".join(word for word in sorted(MONTHS, key=len, reverse=True) if len(word) > 3)})\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)


@lru_cache(maxsize=4096)
def facts_in(text: str) -> tuple[Fact, ...]:
    return tuple(_found(text))


def _found(text: str) -> Iterator[Fact]:
    for found in PATTERN.finditer(text):
        kind = str(found.lastgroup)
        said = found.group().rstrip(".,:;/!?") if kind in ("link", "mail") else found.group()
        for value, unit, name in _values(found, said):
            yield Fact(name, value, unit, said.strip(), found.start(), found.start() + len(said))


def _values(found: "re.Match[str]", said: str) -> list[tuple[str, str, str]]:
    """(value, unit, kind): two for a range such as `3 to 5 days`."""
    if found["mail"] or found["link"]:
        return [(said if found["link"] else said.lower(), "", "mail" if found["mail"] else "link")]
    if found["iso"] or found["slashed"] or found["named"]:
        return [(_date(said), "", "date")]
    if found["time"]:
        return [(said.zfill(5), "", "time")]
    if found["code"] or found["version"]:
        return [(said.upper(), "", "code")]
    if found["amount"]:
        number = found["before"] or found["after"]
        word = said.replace(number, "").strip().lower()
        return [(number_of(number), CURRENCIES[word], "amount")]
    if found["percent"]:
        return [(number_of(found["share"]), "%", "percent")]
    if found["quantity"]:
        unit = UNITS[" ".join(found["unit"].lower().split())]
        return [(number_of(one), unit, "quantity") for one in (found["first"], found["second"]) if one]
    if found["number"]:
        return [(number_of(said), "", "number")]
    if found["weekday"]:
        return [(WEEKDAYS[said.lower().removesuffix("s") if said.lower() not in WEEKDAYS else said.lower()], "", "day")]
    return [(f"--{MONTHS[said.lower()]:02}", "", "date")] if said[0].isupper() else []


def number_of(said: str) -> str:
    """`29.00` is 29 and `two` is 2; `1.000` and `1,000` stay different, since one of them may be wrong."""
    word = said.lower()
    if word in NUMBER_WORDS:
        return str(NUMBER_WORDS[word])
    plain = re.sub(r"[\s'\u00a0\u202f]", "", said)
    decimal = re.fullmatch(r"(\d+)[.,](\d{1,2})", plain)
    if decimal:
        rest = decimal[2].rstrip("0")
        return f"{decimal[1]}.{rest}" if rest else decimal[1]
    return re.sub(r"[.,]00$", "", plain)


def _date(said: str) -> str:
    """ISO 8601 as far as it is said: `--03-14` has no year. An order of numbers that can't be known stays as it is."""
    text = said.lower()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return text
    month = next((word for word in re.findall(r"[^\W\d]+", text) if word in MONTHS), "")
    if not month:
        return text.replace("/", ".")
    numbers = re.findall(r"\d+", text)
    year = next((one for one in numbers if len(one) == 4), "-")
    day = next((one for one in numbers if len(one) <= 2), "")
    return f"{year}-{MONTHS[month]:02}-{int(day):02}" if day else f"{year}-{MONTHS[month]:02}"


def facts_of(text: str) -> set[str]:
    """The facts as they are written, for whoever only compares two texts."""
    return {fact.said for fact in facts_in(text)}
