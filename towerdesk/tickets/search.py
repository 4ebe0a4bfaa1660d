"""Search tickets: a filter text in, a page of hits out, newest match first.

Words are looked up in two steps (`matches`), so that a rare word costs what it finds and a frequent one costs a page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import F
from django.db.models.functions import Left

from towerdesk.lib.actor import Actor
from towerdesk.lib.compiled import compiled
from towerdesk.lib.pages import Page, a_size, cut, page_of, read_cursor, those_behind, write_cursor
from towerdesk.tickets.filters import Condition, parse
from towerdesk.tickets.filters.condition import And, Words
from towerdesk.tickets.filters.words import number_in
from towerdesk.tickets.matches import FAR, Match, Reach, newest_matches
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.models.ticket import TicketQuerySet
from towerdesk.tickets.snippet import Snippet, snippet
from towerdesk.tickets.views import NEWEST

BEGIN = (datetime(9999, 1, 1, tzinfo=UTC), 0)  # a position before the newest message
READ = 20_000  # characters of a message that a snippet is cut from


@dataclass(frozen=True, slots=True)
class Hit:
    """A ticket, and the newest of its messages with the words; `message_id` is None when no words were asked for."""

    ticket: Ticket
    at: datetime
    message_id: int | None
    snippet: Snippet


def search(text: str, actor: Actor, *, after: str | None = None, limit: int = 50, reach: Reach = FAR) -> Page[Hit]:
    """What the actor may see of what `text` asks for. `after` is the `next` of the page before.

    `reach` changes by which way the hits are found, not which they are.

    Raises `Invalid` for a text that can't be understood, a name that does not exist or a cursor that is not ours.
    """
    condition = parse(text)
    condition.check()
    words, rest = _apart(condition)
    if not words and not rest.parts:
        return everything(actor, after=after, limit=limit, of=str(condition))
    tickets = rest.apply(Ticket.objects.visible_to(actor), actor)
    if not words:
        return _shown(page_of(tickets.for_strips(), *NEWEST, after=after, limit=limit, of=str(condition)))
    return _with_words(words, tickets, actor, str(condition), after, limit, reach)


def everything(actor: Actor, *, of: str, after: str | None = None, limit: int = 50) -> Page[Hit]:
    """All that the actor may see, the newest change first, by queries that are built once: it is what the list shows when it
    is opened, and what programs walk through. `of` names the list that its cursors belong to.
    """
    size = a_size(limit)
    if after:
        at, number = read_cursor(after, of)
        found = _older(actor, size + 1, at=at, number=number)
    else:
        found = _newest(actor, size + 1)
    return _shown(cut(found, *NEWEST, size=size, of=of))


@compiled
def _newest(actor: Actor, most: int) -> TicketQuerySet:
    return Ticket.objects.visible_to(actor).for_strips().order_by(*NEWEST)[:most]


@compiled
def _older(actor: Actor, most: int, *, at: datetime, number: int) -> TicketQuerySet:
    older = Ticket.objects.visible_to(actor).filter(those_behind(NEWEST, (at, number)))
    return older.for_strips().order_by(*NEWEST)[:most]


def _shown(page: Page[Ticket]) -> Page[Hit]:
    return Page([Hit(ticket, ticket.updated_at, None, Snippet("")) for ticket in page.items], page.next)


def _apart(condition: Condition) -> tuple[tuple[str, ...], And]:
    """The words that every hit must hold, and all other conditions."""
    parts = condition.parts if isinstance(condition, And) else (condition,)
    words = next((part.words for part in parts if isinstance(part, Words)), ())
    return words, And(tuple(part for part in parts if not isinstance(part, Words)))


def _with_words(
    words: tuple[str, ...],
    tickets: TicketQuerySet,
    actor: Actor,
    of: str,
    after: str | None,
    limit: int,
    reach: Reach,
) -> Page[Hit]:
    size = a_size(limit)
    behind = _position(after, of)
    numbered = _numbered(words, tickets)
    found = newest_matches(
        words,
        tickets,
        public_only=actor.kind == "customer",
        but=numbered.pk if numbered else None,
        behind=behind,
        limit=size + 1,
        reach=reach,
    )
    first = [Hit(numbered, numbered.updated_at, None, Snippet(numbered.subject))] if numbered and not after else []
    shown = found[: size - len(first)]
    last = (shown[-1].at, shown[-1].message_id) if shown else BEGIN
    more = write_cursor(of, *last) if len(found) > len(shown) else None
    return Page([*first, *_hits(shown, words)], more)


def _position(after: str | None, of: str) -> tuple[datetime, int] | None:
    if not after:
        return None
    at, message_id = read_cursor(after, of)
    return at, message_id


def _numbered(words: tuple[str, ...], tickets: TicketQuerySet) -> Ticket | None:
    number = number_in(words)
    return None if number is None else tickets.for_strips().filter(pk=number).first()


def _hits(found: list[Match], words: tuple[str, ...]) -> Iterable[Hit]:
    """The rows of the shown page only: their tickets and texts, in one query each."""
    tickets = Ticket.objects.for_strips().in_bulk([match.ticket_id for match in found])
    texts = dict(
        Message.objects.filter(pk__in=[match.message_id for match in found])
        .annotate(beginning=Left(F("visible"), READ))
        .values_list("pk", "beginning")
    )
    for match in found:
        if match.ticket_id in tickets:
            about = snippet(texts.get(match.message_id, ""), words)
            yield Hit(tickets[match.ticket_id], match.at, match.message_id, about)
