"""A ticket's story: what people wrote, what the assistant did, and what was changed, in one line of time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from towerdesk.assistant.models import Run
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.tickets.models import Attachment, Message, Ticket
from towerdesk.web.sentences import TOLD, sentence
from towerdesk.web.sheets import Sheet, sheet
from towerdesk.web.traces import Trace, trace
from towerdesk.web.words import day_words

NEWEST = 100
"""Messages shown at once; the page offers the older ones."""
MOST_EVENTS = 300


@dataclass(slots=True)
class Entry:
    """One of sheet, trace or line; `day` stands above the first entry of a day."""

    at: datetime
    id: str
    sheet: Sheet | None = None
    trace: Trace | None = None
    line: str = ""
    day: str = ""


@dataclass(slots=True)
class Timeline:
    entries: list[Entry] = field(default_factory=list)
    older: int = 0
    newest_in: int = 0  # id of the newest message from outside: what a reply answers
    newest: int = 0  # id of the newest public message, whoever wrote it
    last_event: int = 0


def timeline(ticket: Ticket, runs: Sequence[Run], actor: Actor, *, whole: bool = False) -> Timeline:
    """Three queries: messages, their attachments, events."""
    messages = _messages(whole, actor.kind != "customer", number=ticket.pk)
    events = _events(whole, number=ticket.pk)
    told = Timeline(older=0 if whole or len(messages) <= NEWEST else 1, last_event=events[0].pk if events else 0)
    shown = messages[:NEWEST] if told.older else messages
    begin = shown[-1].created_at if told.older else None
    entries = [*_sheets(shown, ticket), *_lines(events), *_traces(runs)]
    told.entries = _with_days(sorted((entry for entry in entries if begin is None or entry.at >= begin), key=_order))
    told.newest_in = max((message.pk for message in shown if message.direction == "in"), default=0)
    told.newest = max((message.pk for message in shown if message.public), default=0)
    return told


@compiled
def _messages(whole: bool, inside: bool, *, number: int) -> "QuerySet[Message]":
    """Newest first; one more than is shown says that there are older ones. `inside`: notes as well."""
    found = Message.objects.filter(ticket=number).select_related("call").defer("search")
    found = found.order_by("-created_at", "-id")
    return (found if inside else found.filter(public=True))[: None if whole else NEWEST + 1]


@compiled
def _files(*, number: int) -> "QuerySet[Attachment]":
    return Attachment.objects.filter(message__ticket=number).order_by("id")


@compiled
def _events(whole: bool, *, number: int) -> "QuerySet[Event]":
    return Event.objects.of(number).order_by("-id")[: None if whole else MOST_EVENTS]


def _sheets(messages: Iterable[Message], ticket: Ticket) -> Iterable[Entry]:
    at, files = now(), defaultdict[int, list[Attachment]](list)
    for file in _files(number=ticket.pk):
        files[file.message_id].append(file)
    for message in messages:
        yield Entry(message.created_at, f"m{message.pk}", sheet=sheet(message, ticket, at, files[message.pk]))


def _lines(events: Iterable[Event]) -> Iterable[Entry]:
    told = (event for event in events if event.kind in TOLD)
    return (Entry(event.at, f"e{event.pk}", line=words) for event in told if (words := sentence(event)))


def _traces(runs: Iterable[Run]) -> Iterable[Entry]:
    return (Entry(run.at, f"r{run.pk}", trace=trace(run)) for run in runs)


def _order(entry: Entry) -> tuple[datetime, int, int]:
    """What happened at one moment is told in the order in which it was written down."""
    return entry.at, "mre".index(entry.id[0]), int(entry.id[1:])


def _with_days(entries: list[Entry]) -> list[Entry]:
    at, last = now(), ""
    for entry in entries:
        day = day_words(entry.at, at)
        entry.day, last = ("" if day == last else day), day
    return entries
