"""What a filter text means: a small tree that asks the database, or one ticket in memory, the same question."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from towerdesk.lib.actor import Actor
from towerdesk.tickets.filters.fields import field_of
from towerdesk.tickets.filters.words import said_in, with_words
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.ticket import TicketQuerySet

type Explained = tuple[str, str, bool]
"""One clause as text, what the ticket has there, and whether the clause holds."""

PLAIN_VALUE = re.compile(r"[^\s,\"()“”]+")
PLAIN_WORD = re.compile(r"[\w#][^\s:\"()“”]*")
OPERATORS = ("AND", "OR", "NOT")


class Condition:
    """Immutable. `str(condition)` is its canonical text; `parse` of that text gives an equal condition."""

    def apply(self, tickets: TicketQuerySet, actor: Actor) -> TicketQuerySet:
        """The tickets for which the condition holds. Combine with `visible_to`: a condition gives no rights."""
        return tickets.filter(self.q(actor))

    def matches(self, ticket: Ticket, actor: Actor) -> bool:
        """The same question about one ticket, in memory; only words and addresses ask the database."""
        raise NotImplementedError

    def explain(self, ticket: Ticket, actor: Actor) -> list[Explained]:
        return [(str(leaf), leaf.has(ticket), leaf.matches(ticket, actor)) for leaf in self.leaves()]

    def check(self) -> None:
        """Raise `Invalid` for a team, agent or intent that does not exist, naming the nearest one that does."""
        for leaf in self.leaves():
            if isinstance(leaf, Clause):
                for value in leaf.values:
                    field_of(leaf.name).check(value)

    def q(self, actor: Actor) -> Q:
        raise NotImplementedError

    def leaves(self) -> "Iterator[Clause | Words]":
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Clause(Condition):
    """`name:value,value`: any of the values."""

    name: str
    values: tuple[str, ...]

    def q(self, actor: Actor) -> Q:
        field = field_of(self.name)
        either = Q(pk__in=[])
        for value in self.values:
            either |= field.q(value, actor)
        return either

    def matches(self, ticket: Ticket, actor: Actor) -> bool:
        return any(field_of(self.name).holds(ticket, value, actor) for value in self.values)

    def leaves(self) -> "Iterator[Clause | Words]":
        yield self

    def has(self, ticket: Ticket) -> str:
        return field_of(self.name).says(ticket)

    def __str__(self) -> str:
        return f"{self.name}:{','.join(_quoted(value, PLAIN_VALUE) for value in self.values)}"


@dataclass(frozen=True, slots=True)
class Words(Condition):
    """Words and phrases that stand together in one message (its text, subject, sender), or one ticket's number."""

    words: tuple[str, ...]

    def q(self, actor: Actor) -> Q:
        return with_words(self.words, public_only=actor.kind == "customer")

    def matches(self, ticket: Ticket, actor: Actor) -> bool:
        return said_in(ticket, self.words, public_only=actor.kind == "customer")

    def leaves(self) -> "Iterator[Clause | Words]":
        yield self

    def has(self, ticket: Ticket) -> str:
        return ticket.subject

    def __str__(self) -> str:
        return " ".join(_word(word) for word in self.words)


@dataclass(frozen=True, slots=True)
class Not(Condition):
    part: Condition

    def q(self, actor: Actor) -> Q:
        return ~self.part.q(actor)

    def matches(self, ticket: Ticket, actor: Actor) -> bool:
        return not self.part.matches(ticket, actor)

    def leaves(self) -> "Iterator[Clause | Words]":
        yield from self.part.leaves()

    def __str__(self) -> str:
        is_simple = isinstance(self.part, Clause) or (isinstance(self.part, Words) and len(self.part.words) == 1)
        return f"-{self.part}" if is_simple else f"NOT ({self.part})"


@dataclass(frozen=True, slots=True)
class And(Condition):
    """All parts hold; no parts: always true."""

    parts: tuple[Condition, ...] = ()

    def q(self, actor: Actor) -> Q:
        every = Q()
        for part in self.parts:
            every &= part.q(actor)
        return every

    def matches(self, ticket: Ticket, actor: Actor) -> bool:
        return all(part.matches(ticket, actor) for part in self.parts)

    def leaves(self) -> "Iterator[Clause | Words]":
        for part in self.parts:
            yield from part.leaves()

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or(Condition):
    parts: tuple[Condition, ...]

    def q(self, actor: Actor) -> Q:
        either = self.parts[0].q(actor)
        for part in self.parts[1:]:
            either |= part.q(actor)
        return either

    def matches(self, ticket: Ticket, actor: Actor) -> bool:
        return any(part.matches(ticket, actor) for part in self.parts)

    def leaves(self) -> "Iterator[Clause | Words]":
        for part in self.parts:
            yield from part.leaves()

    def __str__(self) -> str:
        return " OR ".join(str(part) for part in self.parts)


def _quoted(text: str, plain: re.Pattern[str]) -> str:
    return text if plain.fullmatch(text) else f'"{text}"'


def _word(word: str) -> str:
    return f'"{word}"' if word in OPERATORS else _quoted(word, PLAIN_WORD)
