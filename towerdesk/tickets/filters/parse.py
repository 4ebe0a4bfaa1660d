"""Read a filter text: clauses, words, "exact words", - or NOT, OR and parentheses. AND binds tighter than OR."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from towerdesk.lib.errors import Invalid
from towerdesk.tickets.filters.condition import And, Clause, Condition, Not, Or, Words
from towerdesk.tickets.filters.custom import BEFORE
from towerdesk.tickets.filters.fields import FIELDS, field_of, nearest

LONGEST = 2000  # characters
DEEPEST = 20  # nested parentheses and NOTs
MOST = 100  # clauses and words

TOKEN = re.compile(
    r"""
    (?P<open>\() | (?P<close>\))
  | (?P<operator>(?:AND|OR|NOT)(?=[\s()]|$))
  | (?P<minus>-(?=[\w"“(\#]))
  | (?P<name>[Ff]ield\.[A-Za-z0-9_]+|[A-Za-z_]+):(?P<values>(?!//)(?:"[^"]*"|“[^”]*”|[^\s"“()]+)+)
  | (?P<hanging>[Ff]ield\.[A-Za-z0-9_]+|[A-Za-z_]+):(?=[\s()]|$)
  | "(?P<phrase>[^"]*)" | “(?P<curly>[^”]*)”
  | (?P<word>[^\s"“”()]+)
  | (?P<stray>["“”])
    """,
    re.VERBOSE,
)
VALUE = re.compile(r'"([^"]*)"|“([^”]*)”|([^,"“]+)')


def parse(text: str) -> Condition:
    """The condition that `text` describes; an empty text holds for every ticket.

    Raises `Invalid` with one sentence that names the word that can't be understood and the nearest one that can.
    """
    if len(text) > LONGEST:
        raise Invalid(f"This search is too long: use at most {LONGEST} characters.")
    reader = _Reader(list(_tokens(text)))
    found = reader.either(0)
    if reader.peek() is not None:
        raise Invalid("There is a “)” without its “(”: take it out, or open it before.")
    return found


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    values: tuple[str, ...] = ()


def _tokens(text: str) -> Iterator[_Token]:
    for count, found in enumerate(TOKEN.finditer(text.replace("\0", " ")), start=1):
        if count > MOST:
            raise Invalid(f"This search has too many words: use at most {MOST}.")
        yield _token(found)


def _token(found: re.Match[str]) -> _Token:
    if found["name"]:
        return _clause_or_word(found)
    if found["hanging"]:
        return _hanging(found["hanging"])
    if found["stray"]:
        raise Invalid("There is a quotation mark without its second one: close the quotation, or take it out.")
    if found["phrase"] is not None or found["curly"] is not None:
        return _Token("word", _tidy(found["phrase"] or found["curly"] or ""))
    kind = str(found.lastgroup)
    return _Token(found[0] if kind in ("open", "close", "operator") else kind, found[0])


def _clause_or_word(found: re.Match[str]) -> _Token:
    name = found["name"].lower()
    if name not in FIELDS and not name.startswith(BEFORE):
        hint = nearest(name, FIELDS)
        better = f"Did you mean “{hint}:”?" if hint else f"Known are {', '.join(FIELDS)}."
        raise Invalid(f"There is no condition “{name}:”. {better} Put words with a colon in quotation marks.")
    values = tuple(_tidy("".join(part)) for part in VALUE.findall(found["values"]))
    if not values or not all(values):
        raise _needs_value(name)
    field = field_of(name)
    return _Token("clause", name, tuple(dict.fromkeys(field.read(value) for value in values)))


def _hanging(name: str) -> _Token:
    """`status:` lacks its value; `Re:` is only a word."""
    if name.lower() in FIELDS or name.lower().startswith(BEFORE):
        raise _needs_value(name.lower())
    return _Token("word", name)


def _needs_value(name: str) -> Invalid:
    return Invalid(f"“{name}:” needs a value, for example {name}:{field_of(name).example}.")


def _tidy(text: str) -> str:
    return " ".join(text.replace('"', " ").split())


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.at = tokens, 0

    def peek(self) -> str | None:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else None

    def take(self) -> _Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def either(self, depth: int) -> Condition:
        if depth > DEEPEST:
            raise Invalid(f"This search is nested too deep: use at most {DEEPEST} parentheses inside each other.")
        parts = [self.every(depth)]
        while self.peek() == "OR":
            self.take()
            parts.append(self.every(depth))
        if len(parts) > 1 and And() in parts:
            raise Invalid("“OR” stands alone: write something on both sides of it.")
        return Or(tuple(_flat(Or, parts))) if len(parts) > 1 else parts[0]

    def every(self, depth: int) -> Condition:
        parts: list[Condition] = []
        while self.peek() not in (None, "close", ")", "OR"):
            if self.peek() == "AND":
                self.take()
                continue
            parts.append(self.one(depth))
        return _all_of(parts)

    def one(self, depth: int) -> Condition:
        token = self.take()
        if token.kind in ("minus", "NOT"):
            return self.negated(token, depth)
        if token.kind == "(":
            inside = self.either(depth + 1)
            if self.peek() != ")":
                raise Invalid("There is a “(” without its “)”: close it, or take it out.")
            self.take()
            return inside
        if token.kind == "clause":
            return Clause(token.text, token.values)
        return Words((token.text,)) if token.text else And()

    def negated(self, token: _Token, depth: int) -> Condition:
        if self.peek() in (None, ")", "OR", "AND"):
            raise Invalid(f"“{token.text}” stands alone: write behind it what you don't want to see.")
        if depth > DEEPEST:
            raise Invalid(f"This search is nested too deep: use at most {DEEPEST} NOTs inside each other.")
        part = self.one(depth + 1)
        return part.part if isinstance(part, Not) else Not(part)


def _all_of(parts: list[Condition]) -> Condition:
    """Words beside each other belong together: they are looked for in one message."""
    flat = _flat(And, parts)
    words = tuple(dict.fromkeys(word for part in flat if isinstance(part, Words) for word in part.words if word))
    others = list(dict.fromkeys(part for part in flat if not isinstance(part, Words)))
    every = [*others, Words(words)] if words else others
    return every[0] if len(every) == 1 else And(tuple(every))


def _flat(kind: type[And] | type[Or], parts: list[Condition]) -> list[Condition]:
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else [part])
    return flat
