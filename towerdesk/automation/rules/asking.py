"""Many conditions asked of one ticket: each clause once, however many rules share it, and words from one reading.

A condition becomes a small function over the answers to its clauses. A clause is asked when the first rule needs it.
Words are looked up among the lexemes of the ticket's messages, read by one query for all rules; only a phrase whose
lexemes are all there asks the database, which alone knows whether they stand side by side.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from towerdesk.accounts.actors import rule as acting
from towerdesk.lib.statements import Statement
from towerdesk.tickets.filters import Condition
from towerdesk.tickets.filters.condition import And, Clause, Not, Or, Words
from towerdesk.tickets.filters.words import number_in, query_text
from towerdesk.tickets.models import Ticket

type Ask = Callable[["Seen"], bool]
type Leaf = Clause | Words

ANY_RULE = acting(0, "A rule")
"""Rules have no teams and no desk of their own: the same clause has the same answer for each of them."""
RELATED = {name: name for name in ("team", "assignee", "intent", "inbox", "requester", "organisation")} | {
    "channel": "inbox"
}
UNNAMED = frozenset({"none", "any", "mine", "me"})
LEXEME = re.compile(r"'((?:[^']|'')*)'")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What words need: all of these lexemes in one message; `phrase`: and more that only the database can tell."""

    lexemes: frozenset[str]
    phrase: bool


class Questions:
    """The clauses of all conditions, each once; and which of them a lexeme, an address or a number may answer."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self.wanted: dict[int, Wanted] = {}
        self.by_lexeme: dict[str, list[int]] = {}
        self.by_address: dict[str, list[int]] = {}
        self.by_number: dict[int, list[int]] = {}
        self.naming: dict[int, str] = {}  # clauses that need what hangs on the ticket, not only whether something does
        self.blank: list[bool | None] = []  # before anything is asked: False where an index knows the true ones
        self._places: dict[Leaf, int] = {}

    def ask(self, condition: Condition) -> Ask:
        match condition:
            case And(parts):
                return _all([self.ask(part) for part in parts])
            case Or(parts):
                return _any([self.ask(part) for part in parts])
            case Not(part):
                return _not(self.ask(part))
            case Clause() | Words():
                return _leaf(self._place(condition))
        raise TypeError(f"A condition of a new kind: {type(condition).__name__}")

    def closed(self) -> "Questions":
        """Index what can be indexed; the database is asked once how it reads the words."""
        self.blank = [None] * len(self.leaves)
        words = [(place, leaf) for place, leaf in enumerate(self.leaves) if isinstance(leaf, Words)]
        read = _read_words([query_text(leaf.words) for _, leaf in words]) if words else []
        for (place, leaf), wanted in zip(words, read, strict=True):
            self._index_words(place, leaf, wanted)
        for place, other in enumerate(self.leaves):
            if isinstance(other, Clause):
                self._index_clause(place, other)
        return self

    def _place(self, leaf: Leaf) -> int:
        if leaf not in self._places:
            self._places[leaf] = len(self.leaves)
            self.leaves.append(leaf)
        return self._places[leaf]

    def _index_clause(self, place: int, leaf: Clause) -> None:
        if leaf.name == "requester" and all("@" in value for value in leaf.values):
            self.blank[place] = False
            for value in leaf.values:
                self.by_address.setdefault(value, []).append(place)
        elif leaf.name in RELATED and not UNNAMED.issuperset(leaf.values):
            self.naming[place] = RELATED[leaf.name]

    def _index_words(self, place: int, leaf: Words, wanted: Wanted) -> None:
        self.blank[place], self.wanted[place] = False, wanted
        if wanted.lexemes:
            self.by_lexeme.setdefault(max(wanted.lexemes, key=len), []).append(place)
        number = number_in(leaf.words)
        if number is not None:
            self.by_number.setdefault(number, []).append(place)


def _all(parts: Sequence[Ask]) -> Ask:
    def ask(seen: "Seen") -> bool:
        for part in parts:  # noqa: SIM110 - quicker than all(), and it runs a thousand times for each event
            if not part(seen):
                return False
        return True

    return parts[0] if len(parts) == 1 else ask


def _any(parts: Sequence[Ask]) -> Ask:
    return lambda seen: any(part(seen) for part in parts)


def _not(part: Ask) -> Ask:
    return lambda seen: not part(seen)


def _leaf(place: int) -> Ask:
    def ask(seen: "Seen") -> bool:
        known = seen.answers[place]
        return seen.look(place) if known is None else known

    return ask


def _read_words(texts: Sequence[str]) -> list[Wanted]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT towerdesk_query(text)::text FROM unnest(%s::text[]) WITH ORDINALITY AS said (text, n) ORDER BY n",
            [list(texts)],
        )
        return [_wanted(row[0]) for row in cursor.fetchall()]


def _wanted(query: str) -> Wanted:
    """From a tsquery as text, such as `'coffee' <-> 'maker' & 'drips'`."""
    lexemes = frozenset(found.replace("''", "'").replace("\\\\", "\\") for found in LEXEME.findall(query))
    return Wanted(lexemes, "<" in LEXEME.sub("", query))


class Seen:
    """One ticket as rules look at it. Good until something changes on the ticket: then look afresh."""

    def __init__(self, ticket: Ticket, questions: Questions) -> None:
        self.ticket, self.questions = ticket, questions
        self.answers = questions.blank.copy()
        if questions.wanted:
            self._hear()
        if questions.by_address:
            self._recognise()

    def look(self, place: int) -> bool:
        leaf = self.questions.leaves[place]
        if place in self.questions.naming:
            self._fetch(self.questions.naming[place])
        answer = self.answers[place] = leaf.matches(self.ticket, ANY_RULE)
        return answer

    def _hear(self) -> None:
        """Which of the words were said: by lexeme first; a phrase whose lexemes are all there is the database's to tell."""
        questions = self.questions
        for place in questions.by_number.get(self.ticket.pk, ()):
            self.answers[place] = True
        for said in self._messages():
            for lexeme in said:
                for place in questions.by_lexeme.get(lexeme, ()):
                    wanted = questions.wanted[place]
                    if self.answers[place] is False and wanted.lexemes <= said:
                        self.answers[place] = None if wanted.phrase else True

    def _messages(self) -> list[frozenset[str]]:
        return [frozenset(row[0]) for row in _rows(LEXEMES, self.ticket.pk)]

    def _recognise(self) -> None:
        for (value,) in _rows(ADDRESSES, self.ticket.requester_id):
            for place in self.questions.by_address.get(value, ()):
                self.answers[place] = True

    def _fetch(self, name: str) -> None:
        """What hangs on the ticket, when the first clause asks for more than whether something does."""
        ticket, field = self.ticket, Ticket._meta.get_field(name)
        pk = getattr(ticket, f"{name}_id")
        if pk is None or name in ticket._state.fields_cache:
            return
        model: Any = field.related_model
        statement = f'SELECT * FROM "{model._meta.db_table}" WHERE id = %s'  # noqa: S608 - a table of ours
        ticket._state.fields_cache[name] = next(iter(model._default_manager.raw(statement, [pk])), None)


LEXEMES = Statement("SELECT tsvector_to_array(search) FROM tickets_message WHERE ticket_id = %s")
ADDRESSES = Statement("SELECT value FROM people_identity WHERE person_id = %s")


def _rows(statement: Statement, number: int) -> list[tuple[Any, ...]]:
    """Said plainly: putting a query set together costs as much as a hundred rules."""
    return statement.ask([number])
