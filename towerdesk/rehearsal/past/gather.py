"""The desk's own past as stories: each resolved ticket with what came first, what people did, and when what was known."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from towerdesk.assistant.learn import question_of
from towerdesk.assistant.models import Run
from towerdesk.events.models import Event
from towerdesk.insights.models import TicketFact
from towerdesk.rehearsal.past.story import Story
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.models.message import RECEIPT
from towerdesk.tickets.taxonomy import taxonomy

AT_ONCE = 200
KNOWN = ("confirmed", "assumed")
KINDS = ("ticket.changed", "ticket.resolved", "ticket.confirmed", "ticket.closed", "ticket.reopened", "message.edited")
MOST = 4000  # characters of an answer


def gather(last: int) -> Iterator[Story]:
    """The newest `last` tickets that were ever resolved, in no particular order.

    One that was opened again since is among them: to leave it out would be to know it beforehand.
    """
    resolved = Ticket.objects.filter(merged_into=None).exclude(resolved_at=None)
    numbers = list(resolved.order_by("-id").values_list("pk", flat=True)[:last])
    for begin in range(0, len(numbers), AT_ONCE):
        yield from stories_of(numbers[begin : begin + AT_ONCE])


def stories_of(numbers: list[int]) -> Iterator[Story]:
    tickets = Ticket.objects.select_related("intent").in_bulk(numbers)
    messages = _by_ticket(Message.objects.filter(ticket__in=numbers, public=True).order_by("created_at", "id"))
    events = _by_ticket(Event.objects.filter(ticket_id__in=numbers, kind__in=KINDS).order_by("id"))
    minutes = dict(TicketFact.objects.filter(pk__in=numbers).values_list("pk", "agent_minutes"))
    runs = {run.message_id: run for run in Run.objects.current().filter(ticket__in=numbers).select_related("grade")}
    for number in (number for number in numbers if number in tickets):
        asked = next((one for one in messages[number] if one.direction == "in"), None)
        if asked is not None:
            story = _story(tickets[number], asked, messages[number], events[number])
            story.minutes = minutes.get(number, 0.0)
            _add_run(story, runs.get(asked.pk), asked, events[number])
            yield story


def _story(ticket: Ticket, asked: Message, messages: list[Message], events: list[Event]) -> Story:
    answers = [
        one for one in messages if one.direction == "out" and one.delivery != "withdrawn" and one.warrant != RECEIPT
    ]
    person = [one for one in answers if one.author_kind != "assistant"]
    last = (person or [None])[-1]  # type: ignore[list-item]
    return Story(
        key=str(ticket.pk),
        ticket_id=ticket.pk,
        asked_at=asked.created_at,
        subject=asked.subject,
        visible=_as_it_came(asked, events),
        author=asked.author_name,
        auto=asked.auto,
        trust=asked.trust,
        goes_on=any(one.created_at < asked.created_at for one in answers),
        answer=last.visible[:MOST] if last else "",
        answered_at=last.created_at if last else None,
        resolution=ticket.resolution,
        resolved_at=ticket.resolved_at,
        labels=_labels(ticket, events),
        taught_at=_taught_at(ticket, events),
    )


def _as_it_came(asked: Message, events: list[Event]) -> str:
    """An edit that came later is not what the assistant would have read."""
    edits = [event for event in events if event.kind == "message.edited" and event.subject_id == asked.pk]
    return str(edits[0].data["was"]) if edits else asked.visible


def _labels(ticket: Ticket, events: list[Event]) -> list[tuple[datetime, str]]:
    """What the log says it was taken for, and since when; what was set at its opening is known from then on."""
    changes = [
        (event.at, taxonomy().standing("intent", str(event.data["changes"]["intent"][1] or "")))
        for event in events
        if event.kind == "ticket.changed" and "intent" in event.data["changes"]
    ]
    if not changes and ticket.intent is not None:
        return [(ticket.created_at, ticket.intent.slug)]
    return changes


def _taught_at(ticket: Ticket, events: list[Event]) -> datetime | None:
    """When it was closed with an answer that held, as far as was known by then; what came later changes nothing."""
    good = {taxonomy().standing("resolution", key) for key in ("solved", "information")}
    known, kind = "", ""
    for event in events:
        if event.kind == "ticket.resolved":
            known, kind = event.data["known_by"], event.data["kind"]
        elif event.kind == "ticket.confirmed":
            known = event.data["known_by"]
        elif event.kind == "ticket.reopened":
            known = "reopened"
        elif event.kind == "ticket.closed" and known in KNOWN and taxonomy().standing("resolution", kind) in good:
            return event.at
    return None


def _add_run(story: Story, run: Run | None, asked: Message, events: list[Event]) -> None:
    """What the live assistant made of the same message: its vector saves work, its grade is a person's word."""
    if run is None:
        return
    if run.vector and _is_of(story, asked):
        story.vector = bytes(run.vector)
    if run.sent_id is not None and run.outcome in ("sent", "pause"):
        add_live(story, run, events)
    grade = getattr(run, "grade", None)
    if grade is not None and run.evidence:
        story.grade = {
            "right": grade.right,
            "at": grade.at.isoformat(),
            "article": run.evidence[0]["id"],
            "reply": run.reply,
        }


def add_live(story: Story, run: Run, events: list[Event]) -> None:
    """What was answered alone, and the customer's word on it: confirmed, or opened again; silence says nothing."""
    words = [(event.at, str(event.data["known_by"])) for event in events if event.kind == "ticket.confirmed"]
    words += [(event.at, "reopened") for event in events if event.kind == "ticket.reopened"]
    said = [(at, word) for at, word in sorted(words) if word in ("confirmed", "disputed", "reopened")]
    if said:
        story.live = {"reply": run.reply, "known_by": said[-1][1], "at": said[-1][0].isoformat()}


def _is_of(story: Story, asked: Message) -> bool:
    """A stored vector is used when it is of this very text."""
    return question_of(asked) == question_of(Message(subject=story.subject, visible=story.visible))


def _by_ticket(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.ticket_id].append(row)
    return found
