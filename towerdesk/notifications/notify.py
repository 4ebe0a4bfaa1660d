"""Tell whom an event concerns: write the news down for each reader, and put it into what leaves for them.

A job that follows the event, safe to repeat. Nobody is told of their own doing, or of a ticket that they may not read.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from towerdesk.accounts.actors import agent
from towerdesk.accounts.models import Team, User
from towerdesk.events.models import Event
from towerdesk.events.queue import defer
from towerdesk.events.tell import tell as tell_pages
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.text import one_line
from towerdesk.notifications.kinds import OUTWARD
from towerdesk.notifications.models import Notification, Post, Preference, Reason
from towerdesk.notifications.quiet import awake_at, next_time
from towerdesk.notifications.recipients import Word, concerned
from towerdesk.tickets.models import Ticket

WINDOW = timedelta(minutes=2)
"""What happens to one ticket within it is one notification; nothing leaves before it is over."""
STALE = timedelta(days=1)
"""Older events are history: a past that is told again, or a worker that was away for long."""
SOON = timedelta(hours=1)  # what is due later is found by the clock, without a job that waits
POST = "towerdesk.flow.post"
MOST_NAMED = 500


def notify(event: Event) -> None:
    if event.at < now() - STALE:
        return
    try:
        ticket = Ticket.objects.one(event.ticket_id or 0)
    except Ticket.DoesNotExist:
        return
    told = [word.to.pk for word in concerned(event, ticket) if _may_hear(word.to, event, ticket) and _tell(word, event)]
    if told:
        tell_pages(f"told:{','.join(map(str, told[:MOST_NAMED]))}", ticket.pk)


def reading(reader: User | Team) -> Actor:
    """With whose rights news are read: a person's own, or those of a team for what its channel shows."""
    if isinstance(reader, User):
        return agent(reader)
    return Actor("agent", None, reader.name, frozenset({"ticket.read"}), frozenset({reader.pk}))


def preference_of(user: User) -> Preference:
    return next(iter(_preferences(user=user.pk)), None) or Preference(user=user)


@compiled
def _preferences(*, user: int) -> "QuerySet[Preference]":
    return Preference.objects.select_related("user").filter(user=user)


def whose(reader: User | Team) -> dict[str, User | Team]:
    """Columns of a notification, reason or post."""
    return {_column(reader): reader}


def _may_hear(reader: User | Team, event: Event, ticket: Ticket) -> bool:
    if isinstance(reader, User) and (event.actor_kind, event.actor_id) == ("agent", reader.pk):
        return False
    return bool(_readable(reading(reader), ticket=ticket.pk))


@compiled
def _readable(reader: Actor, *, ticket: int) -> "QuerySet[Ticket, int]":
    return Ticket.objects.visible_to(reader).filter(pk=ticket).values_list("pk", flat=True)


def _tell(word: Word, event: Event) -> bool:
    """True when it is news at the reader's desk."""
    wish = preference_of(word.to) if isinstance(word.to, User) else None
    ways = _ways(word, wish)
    if not ways:
        return False
    with transaction.atomic():
        if _told_before(_column(word.to), reader=word.to.pk, event=event.pk):
            return False
        posts = [_waiting_post(word, way, wish) for way in OUTWARD if way in ways]
        news = _open_news(word, event) or _fresh_news(word, event)
        news.at_desk |= "desk" in ways
        news.save()
        sentence = one_line(word.sentence, 300)
        Reason.objects.create(
            notification=news, event_id=event.pk, kind=word.kind, sentence=sentence, at=now(), **whose(word.to)
        )
        for post in posts:
            post.notifications.add(news)
    return "desk" in ways


def _column(reader: User | Team) -> str:
    return "user" if isinstance(reader, User) else "team"


@compiled
def _told_before(column: str, *, reader: int, event: int) -> "QuerySet[Reason, int]":
    return Reason.objects.filter(event_id=event, **{column: reader}).values_list("pk", flat=True)[:1]


@compiled
def _waiting(way: str, column: str, *, reader: int) -> "QuerySet[Post]":
    return Post.objects.select_for_update().filter(way=way, state="waiting", **{column: reader})


@compiled
def _recent(column: str, *, reader: int, ticket: int, since: datetime) -> "QuerySet[Notification]":
    recent = Notification.objects.filter(read_at=None, closed_at=None, first_at__gt=since, **{column: reader})
    return recent.filter(ticket_id=ticket).select_for_update().order_by("-id")[:1]


def _ways(word: Word, wish: Preference | None) -> list[str]:
    """As they chose; what is urgent reaches everybody outside of the desk, too."""
    ways = wish.ways_of(word.kind) if wish else ["hook"]
    return [*ways, "mail"] if word.urgent and {"mail", "hook"}.isdisjoint(ways) else ways


def _waiting_post(word: Word, way: str, wish: Preference | None) -> Post:
    """The one that waits for this reader and way, or a new one; held, so that it does not leave before these news are in.

    Held before the news themselves, as whoever claims it does: the two never wait for each other.
    """
    waiting = next(iter(_waiting(way, _column(word.to), reader=word.to.pk)), None)
    if waiting is not None and not (word.urgent and not waiting.urgent):
        return waiting
    due = now() if word.urgent else _due(way, wish)
    post = waiting or Post(way=way, **whose(word.to))
    post.due_at, post.urgent = due, word.urgent
    post.save()
    if due <= now() + SOON:
        defer(POST, after=max(due - now(), timedelta(0)) or None, post=post.pk)
    return post


def _due(way: str, wish: Preference | None) -> datetime:
    if wish is None:
        return now() + WINDOW
    if way == "digest":
        return next_time(now(), wish.digest_at, wish.clock)
    return awake_at(now() + WINDOW, wish.quiet_from, wish.quiet_until, wish.clock)


def _open_news(word: Word, event: Event) -> Notification | None:
    """News of the same ticket that nobody has read and no post has taken yet, held."""
    found = next(
        iter(_recent(_column(word.to), reader=word.to.pk, ticket=event.ticket_id or 0, since=now() - WINDOW)), None
    )
    if found is not None:
        found.kind, found.urgent, found.last_at = word.kind, found.urgent or word.urgent, now()
    return found


def _fresh_news(word: Word, event: Event) -> Notification:
    at = now()
    return Notification(
        ticket_id=event.ticket_id or 0, kind=word.kind, urgent=word.urgent, first_at=at, last_at=at, **whose(word.to)
    )
