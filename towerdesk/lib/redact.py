"""Take out of a text what nobody else need see: card and account numbers, secrets, addresses, telephone numbers.

All of it is found here, with check digits where the kind has them; nothing is asked of anybody. `Veil` puts a
placeholder in each one's place and can put back those that may be said again; `mask` is for logs, and for good.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

SECRETS = re.compile(
    r"(?P<key>-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z))"
    r"|(?P<token>\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{16,}|\bgh[pousr]_[A-Za-z0-9]{20,}"
    r"|\bgithub_pat_\w{20,}|\bglpat-[\w-]{16,}|\bxox[abprs]-[\w-]{10,}|\bAKIA[0-9A-Z]{16}\b|\bAIza[\w-]{30,}"
    r"|\btd_[0-9a-f]{8}_[\w-]{8,}|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)"
    r"|(?P<said>\b(?:pass(?:word|code|wort|phrase)|mot de passe|contraseña|kennwort|pin|cvv|cvc|secret|api[ _-]?key|token)\b"
    r"(?:\s+(?:is|ist|est|es|lautet))?\s*[:=]?\s*[\"']?)(?P<value>(?=\S*\d)[^\s\"',;]{3,80})",
    re.IGNORECASE | re.DOTALL,
)
CARD = re.compile(r"(?<![\w.,+/-])(?:\d[ \u00a0.\-]?){12,18}\d(?![\w/-])")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ \u00a0-]?[A-Z0-9]{2,4}){3,8}\b", re.IGNORECASE)
NATIONAL = re.compile(r"\b\d{3}-\d{2}-\d{4}\b")
MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
MAY_BE_PHONE = re.compile(r"\+?\d[\d\s()/.-]{7,}\d")
CARD_STARTS = re.compile(r"^(?:4|5[1-5]|2[2-7]|3[4-7]|3[068]|6(?:011|4|5|2)|35)")

WORDS = {
    "card": "card number", "iban": "bank account", "secret": "secret", "national": "identity number",
    "mail": "mail address", "phone": "telephone number",
}  # fmt: skip
MAY_BE_SAID = ("mail", "phone", "iban")
"""Kinds whose placeholder a reply may hold, with the value put back; a card number or a secret is never said again."""
PLACEHOLDER = re.compile(r"\[(card|iban|secret|national|mail|phone)_(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Found:
    kind: str
    start: int
    end: int


@dataclass(slots=True)
class Veil:
    """One for each conversation with a model: the same value has the same placeholder in all its texts."""

    values: dict[str, str] = field(default_factory=dict)  # placeholder → value
    _known: dict[tuple[str, str], str] = field(default_factory=dict)

    def hide(self, text: str) -> str:
        """What looks like a placeholder already is not one of ours: it loses its brackets."""
        return _replaced(PLACEHOLDER.sub(r"(\1 \2)", text), self._placeholder)

    def restore(self, text: str) -> str:
        """Placeholders of what may be said become the value again, others the words for what they were."""
        return PLACEHOLDER.sub(lambda found: self._said(found), text)

    def _placeholder(self, kind: str, value: str) -> str:
        key = (kind, re.sub(r"[\s().-]", "", value).lower())
        if key not in self._known:
            number = 1 + sum(known == kind for known, _ in self._known)
            self._known[key] = f"[{kind}_{number}]"
            self.values[self._known[key]] = value
        return self._known[key]

    def _said(self, found: "re.Match[str]") -> str:
        value = self.values.get(found.group())
        return value if value is not None and found[1] in MAY_BE_SAID else f"({WORDS[found[1]]})"


def mask(text: str) -> str:
    """For logs: `jonas@weber.example` → `j…@weber.example`, a card → `[card number …1111]`, a secret → `[secret]`."""
    return _replaced(text, _masked) if len(text) < 100_000 else _replaced(text[:100_000], _masked) + " …"


def personal(text: str, kinds: tuple[str, ...] = tuple(WORDS)) -> list[Found]:
    """What was found, in its order, none within another. `kinds` narrows it."""
    taken: list[Found] = []
    for kind, find in _FINDERS.items():
        if kind in kinds:
            for start, end in find(text):
                if not any(start < other.end and other.start < end for other in taken):
                    taken.append(Found(kind, start, end))
    return sorted(taken, key=lambda found: found.start)


def _replaced(text: str, by: Callable[[str, str], str]) -> str:
    if not any(char.isdigit() or char == "@" for char in text) and "PRIVATE KEY" not in text:
        return text
    pieces, at = [], 0
    for found in personal(text):
        pieces += [text[at : found.start], by(found.kind, text[found.start : found.end])]
        at = found.end
    return "".join([*pieces, text[at:]])


def _masked(kind: str, value: str) -> str:
    if kind == "mail":
        local, _, domain = value.rpartition("@")
        return f"{local[:1]}…@{domain}"
    if kind in ("card", "iban"):
        return f"[{WORDS[kind]} …{re.sub(r'[^0-9A-Za-z]', '', value)[-4:]}]"
    return f"[{WORDS[kind]}]"


def _secrets(text: str) -> Iterator[tuple[int, int]]:
    for found in SECRETS.finditer(text):
        yield found.span("value") if found["value"] else found.span()


def _cards(text: str) -> Iterator[tuple[int, int]]:
    from stdnum import luhn

    for found in CARD.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        if CARD_STARTS.match(digits) and luhn.is_valid(digits) and len(set(digits)) > 1:
            yield found.span()


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    from stdnum import iban

    for found in IBAN.finditer(text):
        words = found.group()
        for end in [len(words), *(at for at in range(len(words) - 1, 14, -1) if words[at] in " \u00a0-")]:
            if iban.is_valid(words[:end].replace("\u00a0", " "), check_country=False):
                yield found.start(), found.start() + end
                break


def _nationals(text: str) -> Iterator[tuple[int, int]]:
    from stdnum.us import ssn

    for found in NATIONAL.finditer(text):
        if ssn.is_valid(found.group()):
            yield found.span()


def _mails(text: str) -> Iterator[tuple[int, int]]:
    for found in MAIL.finditer(text) if "@" in text else ():
        yield found.span()


def _phones(text: str) -> Iterator[tuple[int, int]]:
    """Only numbers that say their country, or that stand behind a word for a telephone: an order number is none."""
    if not MAY_BE_PHONE.search(text):
        return
    from phonenumbers import Leniency, PhoneNumberMatcher

    for found in PhoneNumberMatcher(text, None, leniency=Leniency.POSSIBLE, max_tries=20):
        yield found.start, found.end
    for said in _SAID_PHONE.finditer(text):
        yield said.span(1)


_SAID_PHONE = re.compile(
    r"\b(?:phone|telephone|mobile|cell|tel|call me (?:on|at)|telefon|handy|téléphone|portable|teléfono|móvil)"
    r"\b[^\d\n]{0,20}(\(?0\d[\d\s()/.-]{6,18}\d)",
    re.IGNORECASE,
)
_FINDERS: dict[str, Callable[[str], Iterator[tuple[int, int]]]] = {
    "secret": _secrets, "card": _cards, "iban": _ibans, "national": _nationals, "mail": _mails, "phone": _phones,
}  # fmt: skip
