"""Put tags on a ticket or take them off."""

import re
from collections.abc import Iterable

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.save import save
from towerdesk.tickets.taxonomy.choose import choose

TAG = re.compile(r"[\w][\w .:/-]{0,39}", re.UNICODE)
MOST = 30


def tag(
    ticket: Ticket, *, add: Iterable[str] = (), remove: Iterable[str] = (), by: Actor, cause: Event | None = None
) -> None:
    """A merged tag stands for the one it was merged into; a retired one is refused, as is an unknown one when governed."""
    by.must("ticket.tag")
    adding, removing = [_clean(word) for word in add], [_clean(word) for word in remove]
    with transaction.atomic():
        ticket.hold()
        adding = [word if word in ticket.tags else choose("tag", word) for word in adding]
        tags = _not_too_many(sorted({*ticket.tags, *adding} - set(removing)))
        added, removed = sorted(set(tags) - set(ticket.tags)), sorted(set(ticket.tags) - set(tags))
        if added or removed:
            ticket.tags = tags
            save(ticket, "tags")
            record("ticket.tagged", by=by, ticket=ticket.pk, cause=cause, added=added, removed=removed)


def cleaned(words: Iterable[str]) -> list[str]:
    """The tags as a ticket keeps them, for one that is about to be opened. Raises `Invalid`."""
    return _not_too_many(sorted({choose("tag", _clean(word)) for word in words}))


def _not_too_many(tags: list[str]) -> list[str]:
    if len(tags) > MOST:
        raise Invalid(f"A ticket can have {MOST} tags at most: take some off first.")
    return tags


def _clean(word: str) -> str:
    tidy = " ".join(word.lower().split())
    if not TAG.fullmatch(tidy):
        raise Invalid(f"{word[:60]!r} can't be a tag: use up to 40 letters, digits, spaces, dots or dashes.")
    return tidy
