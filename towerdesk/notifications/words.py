"""What a post says: a subject, and for each ticket its news and the way there."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from towerdesk.lib.text import one_line, storable
from towerdesk.notifications.models import Notification

MOST_LISTED = 25
MOST_SENTENCES = 5


@dataclass(frozen=True, slots=True)
class Item:
    """One ticket's news as it leaves."""

    kind: str
    ticket: int
    subject: str
    sentences: tuple[str, ...]
    url: str


def items(news: Sequence[Notification]) -> list[Item]:
    """Expects `ticket` and `reasons` to be read along."""
    return [
        Item(
            one.kind,
            one.ticket_id,
            one_line(storable(one.ticket.subject), 120) or "(no subject)",
            tuple(reason.sentence for reason in one.reasons.all()),
            f"{settings.PUBLIC_URL}/notifications/{one.pk}"
            if one.user_id
            else f"{settings.PUBLIC_URL}/tickets/{one.ticket_id}",
        )
        for one in news
    ]


def subject(said: Sequence[Item], digest: bool = False) -> str:
    tickets = len({item.ticket for item in said})
    if digest:
        return f"Your day: {tickets} ticket{'s' if tickets > 1 else ''}"
    if len(said) > 1:
        return f"{tickets} ticket{'s' if tickets > 1 else ''} with news for you"
    [item] = said
    return one_line(f"Ticket {item.ticket}, {item.subject}: {item.sentences[-1]}", 180)


def text(said: Sequence[Item]) -> str:
    listed = [_told(item) for item in said[:MOST_LISTED]]
    if len(said) > MOST_LISTED:
        listed.append(f"And {len(said) - MOST_LISTED} more: {settings.PUBLIC_URL}/notifications")
    return "\n\n".join(listed)


def _told(item: Item) -> str:
    shown = item.sentences[-MOST_SENTENCES:]
    earlier = len(item.sentences) - len(shown)
    before = [f"({earlier} earlier)"] if earlier else []
    return "\n".join([f"{item.ticket} {item.subject}", *before, *shown, item.url])
