"""Find the newest message with some words on each ticket, at any size of desk.

The planner guesses badly how many messages hold a word, so we don't let it choose. **Two steps**: at most 5,001 matches
from the word index; up to 5,000 they are all, so they are sorted. More means a frequent word: then either few tickets
are left by the other conditions, and only those are looked at, or the recency index is walked in growing stretches.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from towerdesk.tickets.filters.words import query_text
from towerdesk.tickets.models.ticket import TicketQuerySet

EVERYTHING = 2**31 - 1

FOUND_BY_WORDS = """
found AS MATERIALIZED (
  SELECT id, ticket_id, created_at FROM tickets_message AS message WHERE {holds} LIMIT %s
)"""
FOUND_IN_FEW = """
few AS MATERIALIZED (SELECT * FROM ({tickets}) AS every (id) LIMIT %s),
found AS MATERIALIZED (
  SELECT message.id, message.ticket_id, message.created_at FROM few
  JOIN tickets_message AS message ON message.ticket_id = few.id
  WHERE (SELECT count(*) <= %s FROM few) AND {holds}
)"""

type Behind = tuple[datetime, int] | None
type Sql = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far each way of searching goes before the next one is tried."""

    frequent: int = 5000  # matches; more are not sorted
    few: int = 1000  # tickets; more are not looked at one by one
    stretches: tuple[int, ...] = (400, 1600, 6400, 25_600)  # messages walked before we fall back to sorting everything


FAR = Reach()


@dataclass(frozen=True, slots=True)
class Match:
    at: datetime
    message_id: int
    ticket_id: int


def newest_matches(
    words: Sequence[str],
    tickets: TicketQuerySet,
    *,
    public_only: bool = False,
    but: int | None = None,
    behind: Behind = None,
    limit: int = 50,
    reach: Reach = FAR,
) -> list[Match]:
    """Per ticket of `tickets` its newest message with all `words`, newest first, at most `limit`.

    `behind` is the (created_at, id) of the last match already shown; `but` a ticket to leave out.
    """
    try:
        ask = _Ask(query_text(words), _sql_of(tickets, but), public_only, behind, limit)
    except EmptyResultSet:
        return []
    found = _from_words(ask, reach.frequent)
    if found is None and ask.tickets[0]:
        found = _from_few_tickets(ask, reach.few)
    if found is None:
        found = _walk(ask, reach.stretches)
    if found is None:
        found = _from_words(ask, EVERYTHING)
    return found or []


@dataclass(frozen=True, slots=True)
class _Ask:
    query: str
    tickets: Sql  # the ids of the tickets that may be shown; empty text: all
    public_only: bool
    behind: Behind
    limit: int

    def holds(self, message: str) -> Sql:
        """True where this message has the words and may be read."""
        readable = f" AND {message}.public" if self.public_only else ""
        return f"{message}.search @@ towerdesk_query(%s){readable}", [self.query]

    def may_be_shown(self, row: str) -> Sql:
        text, values = self.tickets
        return (f"{row}.ticket_id IN ({text})", values) if text else ("true", [])

    def is_behind(self, row: str) -> Sql:
        return (f"({row}.created_at, {row}.id) < (%s, %s)", list(self.behind)) if self.behind else ("true", [])


def _sql_of(tickets: TicketQuerySet, but: int | None) -> Sql:
    if but is not None:
        tickets = tickets.exclude(pk=but)
    if not tickets.query.where:
        return "", []
    text, values = tickets.order_by().values("pk").query.sql_with_params()
    return text, list(values)


def _from_words(ask: _Ask, most: int) -> list[Match] | None:
    """Sort all matches, or None when there are more than `most`."""
    holds, its = ask.holds("message")
    tables = FOUND_BY_WORDS.format(holds=holds)
    return _sorted(ask, tables, [*its, most + 1], "(SELECT count(*) <= %s FROM found)", most)


def _from_few_tickets(ask: _Ask, most: int) -> list[Match] | None:
    """Look at every message of the tickets that may be shown, or None when those are more than `most`."""
    text, its = ask.tickets
    holds, words = ask.holds("message")
    tables = FOUND_IN_FEW.format(tickets=text, holds=holds)
    allowed = replace(ask, tickets=("", []))
    return _sorted(allowed, tables, [*its, most + 1, most, *words], "(SELECT count(*) <= %s FROM few)", most)


def _sorted(ask: _Ask, tables: str, values: list[Any], fits: str, most: int) -> list[Match] | None:
    """The newest row per ticket of the table `found`; None unless `fits` (which counts up to `most`)."""
    shown, its = ask.may_be_shown("newest")
    behind, where = ask.is_behind("newest")
    rows = _rows(
        f"""
        WITH {tables}, fits AS MATERIALIZED (SELECT {fits} AS yes)
        SELECT fits.yes, page.* FROM fits LEFT JOIN LATERAL (
          SELECT newest.created_at, newest.id, newest.ticket_id FROM (
            SELECT DISTINCT ON (ticket_id) ticket_id, id, created_at FROM found WHERE fits.yes
            ORDER BY ticket_id, created_at DESC, id DESC
          ) AS newest
          WHERE fits.yes AND {shown} AND {behind} ORDER BY newest.created_at DESC, newest.id DESC LIMIT %s
        ) AS page ON true
        """,  # noqa: S608 - every value is a parameter
        [*values, most, *its, *where, ask.limit],
    )
    if not rows[0][0]:
        return None
    return [Match(*row[1:]) for row in rows if row[1] is not None]


def _walk(ask: _Ask, stretches: Sequence[int]) -> list[Match] | None:
    """Go back in time until the page is full. None when that takes too long: the matches are old, or not allowed."""
    found: list[Match] = []
    place = ask.behind
    for length in stretches:
        stretch, place = _stretch(ask, place, length)
        found += stretch
        if len(found) >= ask.limit or place is None:
            return found[: ask.limit]
    return None


def _stretch(ask: _Ask, place: Behind, length: int) -> tuple[list[Match], Behind]:
    """The hits among the next `length` messages, and where to go on; None there: that was the oldest message.

    A message counts when no newer one of its ticket does: so each ticket comes once, on every page.
    """
    begin, from_ = replace(ask, behind=place).is_behind("message")
    holds, its = ask.holds("stretch")
    newer, again = ask.holds("newer")
    shown, allowed = ask.may_be_shown("stretch")
    rows = _rows(
        f"""
        WITH stretch AS MATERIALIZED (
          SELECT id, ticket_id, created_at, search, public FROM tickets_message AS message WHERE {begin}
          ORDER BY created_at DESC, id DESC LIMIT %s
        )
        (SELECT true, created_at, id, ticket_id FROM stretch WHERE {holds} AND {shown} AND NOT EXISTS (
          SELECT 1 FROM tickets_message AS newer WHERE newer.ticket_id = stretch.ticket_id
          AND (newer.created_at, newer.id) > (stretch.created_at, stretch.id) AND {newer}
        ) ORDER BY created_at DESC, id DESC LIMIT %s)
        UNION ALL (SELECT false, created_at, id, ticket_id FROM stretch ORDER BY created_at, id LIMIT 1)
        """,  # noqa: S608 - every value is a parameter
        [*from_, length, *its, *allowed, *again, ask.limit],
    )
    hits = [Match(*row[1:]) for row in rows if row[0]]
    last = next(((row[1], row[2]) for row in rows if not row[0]), None)
    return hits, last


def _rows(text: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())
