"""One line of a step as what it says: its word, and what follows it."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from towerdesk.assistant.procedures.expressions import parse
from towerdesk.assistant.procedures.faults import Wrong
from towerdesk.assistant.procedures.model import Call

WORDS = {
    "ask": "Ask: what, what",
    "read": "Read: name = connection.tool(argument=value)",
    "write": "Write: name = connection.tool(argument=value)",
    "undo": "Undo: connection.tool(argument=value)",
    "set": "Set: name = value",
    "if": "If condition:",
    "otherwise if": "Otherwise if condition:",
    "otherwise": "Otherwise:",
    "for each": "For each name in list:",
    "require": "Require: condition",
    "otherwise refuse": "Otherwise refuse: what the customer is told",
    "otherwise hand over": "Otherwise hand over: why",
    "otherwise go to": "Otherwise go to: heading",
    "otherwise ask again for": "Otherwise ask again for what: what the customer is told",
    "check": "Check: condition",
    "confirm": "Confirm: what will happen",
    "approve": "Approve: why",
    "approve if": "Approve if condition: why",
    "say": "Say: what the customer is told",
    "do": "Do: what a person does",
    "fill in": "Fill in: what, what",
    "refuse": "Refuse: what the customer is told",
    "hand over": "Hand over: why",
    "go to": "Go to: heading",
    "done": "Done",
}
"""Every word that a line may begin with, and how such a line is written."""
WITH_CONDITION = ("if", "otherwise if", "approve if", "for each", "otherwise ask again for")
"""What stands between these words and the colon belongs to them."""
LANGUAGE = re.compile(r"^([a-z]{2}): (.+)$")
_ANY = "|".join(sorted(WORDS, key=len, reverse=True))
FIRST = re.compile(rf"^({_ANY})(?![\w'’])\s*(.*)$", re.IGNORECASE | re.DOTALL)
NAME = re.compile(r"^[A-Za-z]\w*$")
MADE = re.compile(r"^`?([A-Za-z]\w*)`?\s*=\s*(.+)$", re.S)
CALL = re.compile(r"^([a-z][\w-]*\.[\w.-]+)\s*\((.*)\)$", re.S | re.I)


@dataclass(frozen=True, slots=True)
class Line:
    """`about` is what stands before the colon (a condition, a name), `rest` what stands after it."""

    word: str
    about: str
    rest: str


def read_line(text: str) -> Line:
    """Raises `Wrong`."""
    found = FIRST.match(text)
    if found is None:
        raise Wrong(_unknown(text))
    word, rest = found.group(1).lower(), found.group(2).strip()
    if word in WITH_CONDITION:
        about, rest = _split(rest)
        if not about:
            raise Wrong(f"Write it like “{WORDS[word]}”.")
        return Line(word, about, rest)
    if rest and not rest.startswith(":"):
        raise Wrong(f"Write it like “{WORDS[word]}”.")
    return Line(word, "", rest.removeprefix(":").strip())


def _unknown(text: str) -> str:
    said = re.split(r"[:\s]", text, maxsplit=1)[0]
    meant = get_close_matches(said.lower(), WORDS, n=1)
    known = (
        f"did you mean “{meant[0].capitalize()}”?"
        if meant
        else f"there are {', '.join(w.capitalize() for w in WORDS)}."
    )
    return f"“{_short(text)}” begins with no word for a line: {known}"


def code(text: str) -> str:
    """Without the backticks that make it look like code; raises `Wrong` when it is no expression."""
    bare = text.replace("`", "").strip()
    if not bare:
        raise Wrong("A condition or value is missing here.")
    parse(bare)
    return bare


def made(text: str) -> tuple[str, str]:
    """`name = something` as the two."""
    found = MADE.match(text)
    if found is None:
        raise Wrong("Say how the result is called: name = …")
    return found.group(1), found.group(2).strip()


def read_call(text: str) -> Call:
    """`shop.refund_order(order=order.number, amount=10)`."""
    found = CALL.match(text.replace("`", "").strip())
    if found is None:
        raise Wrong(f"“{_short(text)}” is no call of a tool: write it like shop.order(number=order).")
    arguments: dict[str, str] = {}
    for part in split_at_commas(found.group(2)):
        name, equals, value = part.partition("=")
        if not equals or not NAME.match(name.strip()) or value.startswith("="):
            raise Wrong(f"“{part}” gives a value without its name: write it like number=order.")
        if name.strip() in arguments:
            raise Wrong(f"“{name.strip()}” is given twice.")
        arguments[name.strip()] = code(value)
    return Call(tool=found.group(1), arguments=arguments)


def read_names(text: str) -> tuple[str, ...]:
    """`order, reason` or `order and reason`."""
    parts = [part.strip(" `.") for part in re.split(r",|\band\b", text) if part.strip(" `.")]
    for part in parts:
        if not NAME.match(part):
            raise Wrong(f"“{part}” is no name of something that we need.")
    if not parts:
        raise Wrong("Say what is asked for.")
    return tuple(parts)


def split_at_commas(text: str) -> list[str]:
    """At commas outside of brackets, quotes and backticks."""
    return [part.strip() for part in _cut(text, ",") if part.strip()]


def _split(text: str) -> tuple[str, str]:
    """At the first colon outside of brackets and quotes."""
    about, *rest = _cut(text, ":", most=1)
    if not rest:
        raise Wrong("A colon is missing at the end of this.")
    return about.strip(), rest[0].strip()


def _cut(text: str, sign: str, most: int = -1) -> list[str]:
    parts: list[str] = []
    depth, quote, begin = 0, "", 0
    for at, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'`" and not (char == "'" and at and text[at - 1].isalnum()):
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == sign and depth == 0 and len(parts) != most:
            parts.append(text[begin:at])
            begin = at + 1
    return [*parts, text[begin:]]


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
