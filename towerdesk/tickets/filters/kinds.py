"""The kinds of condition: each reads its value, asks the database, and asks one ticket the same."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.models import Ticket

NONE, ANY = "none", "any"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like this one, if any is like it at all."""
    by_lower = {one.lower(): one for one in known}
    found = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.55)
    return by_lower[found[0]] if found else None


def unknown(what: str, word: str, known: Sequence[str]) -> Invalid:
    hint = nearest(word, known)
    if hint:
        return Invalid(f"There is no {what} “{word}”. Did you mean “{hint}”?")
    return Invalid(f"There is no {what} “{word}”. Use one of: {', '.join(known[:20])}.")


def upper(text: str) -> str:
    """Capitals as the database makes them: one letter stays one letter (ß stays ß)."""
    return "".join(big if len(big := letter.upper()) == 1 else letter for letter in text)


class Field:
    """One name of the language. `q` and `holds` must agree for every ticket: a test throws random tickets at both."""

    example: str

    def read(self, text: str) -> str:
        """The canonical form of what was typed, or `Invalid`."""
        raise NotImplementedError

    def check(self, value: str) -> None:
        """Raise `Invalid` when the value names something that does not exist."""

    def q(self, value: str, actor: Actor) -> Q:
        raise NotImplementedError

    def holds(self, ticket: Ticket, value: str, actor: Actor) -> bool:
        raise NotImplementedError

    def says(self, ticket: Ticket) -> str:
        """What the ticket has there, in words."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Choice(Field):
    """A column with a fixed list of values; an empty one is `none`."""

    column: str
    values: Sequence[str]
    example: str

    def read(self, text: str) -> str:
        value = text.lower()
        if value not in self.values and value != NONE:
            raise unknown(self.column.removesuffix("_kind").replace("_", " "), text, self.values)
        return value

    def q(self, value: str, actor: Actor) -> Q:
        return Q(**{self.column: self._stored(value)})

    def holds(self, ticket: Ticket, value: str, actor: Actor) -> bool:
        return bool(getattr(ticket, self.column) == self._stored(value))

    def says(self, ticket: Ticket) -> str:
        return getattr(ticket, self.column) or NONE

    def _stored(self, value: str) -> str:
        return "" if value == NONE and NONE not in self.values else value


@dataclass(frozen=True, slots=True)
class Text(Field):
    """A free text column (a dot leads to a related row), compared whole and without regard to case."""

    path: str
    example: str

    def read(self, text: str) -> str:
        return text.lower()

    def q(self, value: str, actor: Actor) -> Q:
        column = self.path.replace(".", "__")
        if value == NONE:
            return Q(**{column: ""})
        return ~Q(**{column: ""}) if value == ANY else Q(**{f"{column}__iexact": value})

    def holds(self, ticket: Ticket, value: str, actor: Actor) -> bool:
        has = self._of(ticket)
        if value in (NONE, ANY):
            return (has == "") == (value == NONE)
        return upper(has) == upper(value)

    def says(self, ticket: Ticket) -> str:
        return self._of(ticket) or NONE

    def _of(self, ticket: Ticket) -> str:
        thing: Any = ticket
        for step in self.path.split("."):
            thing = getattr(thing, step)
        return str(thing)
