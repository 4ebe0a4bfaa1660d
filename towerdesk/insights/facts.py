"""Fold the event log into one row of facts per ticket. Throw the rows away and fold again: the same rows come back."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import OperationalError, connection, transaction
from django.db.models import Max, Q
from psycopg.errors import LockNotAvailable

from towerdesk.accounts.models import Team
from towerdesk.events.models import Event
from towerdesk.insights.effort import minutes_of
from towerdesk.insights.models import Progress, TicketFact
from towerdesk.tickets import hands
from towerdesk.tickets.models.message import ANSWERERS
from towerdesk.tickets.models.ticket import WAITING

BATCH = 2_000
RECONTACT_WITHIN = timedelta(days=7)
NAME = "tickets"


def fold(most: int = 200_000) -> int:
    """Take in what the log has gained; returns how many events. One at a time: a second caller does nothing, and neither
    does one to whom nobody says how far the log is settled: it is asked for again in a minute.
    """
    return _fold_up_to(settled_end(), most)


def _fold_up_to(end: int, most: int) -> int:
    done = 0
    while done < most:
        with transaction.atomic():
            progress = Progress.objects.select_for_update(skip_locked=True).filter(name=NAME).first()
            if progress is None:
                progress, is_new = Progress.objects.get_or_create(name=NAME)
                if not is_new:
                    return done
            events = list(Event.objects.after(progress.event_id).filter(id__lte=end)[:BATCH])
            if not events:
                return done
            _fold(events)
            progress.event_id = events[-1].pk
            progress.save(update_fields=["event_id"])
            done += len(events)
    return done


def rebuild() -> int:
    """Forget all facts and fold the whole log anew; returns how many events. None, and the facts stay, while nobody says how
    far the log is settled: call it again.
    """
    end = settled_end()
    if not end:
        return 0
    with transaction.atomic():
        Progress.objects.select_for_update().filter(name=NAME).delete()
        TicketFact.objects.all().delete()
    return _fold_up_to(end, most=10**12)


def settled_end() -> int:
    """The newest event id below which no transaction is still writing: ids are given out before they are committed.

    0 when somebody writes for long, or PostgreSQL cleans the log: whoever wants to write waits behind us meanwhile, so we
    wait for no more than a moment, and less than it takes to have the cleaning broken off (deadlock_timeout, a second).
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            cursor.execute("LOCK TABLE events_event IN SHARE MODE")
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
            return Event.objects.aggregate(last=Max("id"))["last"] or 0
    except OperationalError as busy:
        if not isinstance(busy.__cause__, LockNotAvailable):
            raise
        return 0


def _fold(events: Iterable[Event]) -> None:
    events = [event for event in events if event.ticket_id or event.kind in ONE_PERSON]
    facts = TicketFact.objects.in_bulk({event.ticket_id for event in events if event.ticket_id})
    touched: dict[int, TicketFact] = {}
    teams = frozenset(Team.objects.values_list("name", flat=True))
    for event in events:
        if event.kind in ONE_PERSON:
            _another_requester(event, facts, touched)
            continue
        ticket = event.ticket_id or 0
        fact = facts.get(ticket)
        if fact is None:
            if event.kind != "ticket.opened":
                continue
            fact = facts[ticket] = TicketFact(ticket_id=ticket, opened_at=event.at)
            _notice_recontact(event, facts, touched)
        _take_in(event, fact, teams)
        touched[ticket] = fact
    _write(touched.values())


def _take_in(event: Event, fact: TicketFact, teams: frozenset[str]) -> None:
    if event.kind in hands.KINDS:
        _pass_through_hands(event, fact, teams)
    fact.agent_minutes += minutes_of(event)
    fact.touches += event.actor_kind == "agent"
    take = TAKES.get(event.kind)
    if take:
        take(event, fact)


def _pass_through_hands(event: Event, fact: TicketFact, teams: frozenset[str]) -> None:
    held = hands.Hands(fact.held_by, fact.held_since, fact.hands)
    hands.take_in(held, event.kind, event.at, event.data, teams)
    fact.held_by, fact.held_since, fact.hands = held.team[:80], held.since, held.spent


def _opened(event: Event, fact: TicketFact) -> None:
    fact.team, fact.priority = event.data["team"], event.data["priority"]
    fact.channel, fact.requester_id = event.data["channel"], event.data["requester_id"]


def _changed(event: Event, fact: TicketFact) -> None:
    changes = event.data["changes"]
    if "intent" in changes:
        fact.intent = changes["intent"][1] or ""
    if "priority" in changes:
        fact.priority = changes["priority"][1]


def _queued(event: Event, fact: TicketFact) -> None:
    """What a rule or the clock sends is a receipt or a reminder, no answer."""
    if event.actor_kind not in ANSWERERS:
        return
    if fact.first_reply_at is None:
        fact.first_reply_at, fact.first_reply_by, fact.first_reply_id = event.at, event.actor_kind, event.subject_id
    if event.actor_kind == "assistant":
        fact.replies_assistant += 1
    else:
        fact.replies_person += 1


def _spoken(event: Event, fact: TicketFact) -> None:
    """They spoke with one of us on the telephone, which is an answer."""
    if not _is_answer(event):
        return
    if fact.first_reply_at is None:
        fact.first_reply_at, fact.first_reply_by, fact.first_reply_id = event.at, "agent", event.subject_id
    fact.replies_person += 1


def _withdrawn(event: Event, fact: TicketFact) -> None:
    """An answer that never left is none: the first one is the earliest of those that remain."""
    before = list(Event.objects.of(fact.ticket_id).filter(kind__in=SPEAKS, id__lte=event.pk).order_by("id"))
    taken_back = {one.subject_id for one in before if one.kind == "message.withdrawn"}
    answers = [one for one in before if _is_answer(one)]
    if not any(one.subject_id == event.subject_id for one in answers):
        return
    by = next(one.actor_kind for one in answers if one.subject_id == event.subject_id)
    if by == "assistant":
        fact.replies_assistant -= 1
    else:
        fact.replies_person -= 1
    if fact.first_reply_id == event.subject_id:
        first = next((one for one in answers if one.subject_id not in taken_back), None)
        fact.first_reply_at, fact.first_reply_id = (first.at, first.subject_id) if first else (None, None)
        fact.first_reply_by = "" if first is None else first.actor_kind if first.kind == "message.queued" else "agent"


def _is_answer(event: Event) -> bool:
    if event.kind == "message.queued":
        return event.actor_kind in ANSWERERS
    return event.kind == "call.done" or (event.kind == "call.heard" and event.data["outcome"] == "answered")


def _resolved(event: Event, fact: TicketFact) -> None:
    fact.resolved_at, fact.resolved_by, fact.known_by = event.at, event.actor_kind, event.data["known_by"]
    fact.known_from = ""


def _confirmed(event: Event, fact: TicketFact) -> None:
    fact.known_by, fact.known_from = event.data["known_by"], event.actor_kind


def _reopened(event: Event, fact: TicketFact) -> None:
    fact.reopened += 1
    fact.known_by = "disputed" if fact.known_by == "disputed" else "reopened"
    fact.closed_at = None


def _closed(event: Event, fact: TicketFact) -> None:
    fact.closed_at = event.at


def _rated(event: Event, fact: TicketFact) -> None:
    fact.rating = event.data["rating"]


def _merged(event: Event, fact: TicketFact) -> None:
    fact.merged = True


def _unmerged(event: Event, fact: TicketFact) -> None:
    fact.merged = False


def _restored(event: Event, fact: TicketFact) -> None:
    """An undone change counts as never made; an undone resolution resolved nothing."""
    _changed(event, fact)
    was, now = event.data["changes"].get("status", ("", ""))
    if now in WAITING and was in ("resolved", "closed"):
        fact.resolved_at, fact.resolved_by, fact.known_by, fact.closed_at = None, "", "", None
        fact.known_from = ""


def _passed_on(event: Event, fact: TicketFact) -> None:
    fact.handoffs += 1


def _proposed(event: Event, fact: TicketFact) -> None:
    fact.model_cost += float(event.data["cost"])


SPEAKS = ("message.queued", "message.withdrawn", "call.heard", "call.done")
TAKES: dict[str, Callable[[Event, TicketFact], None]] = {
    "ticket.opened": _opened,
    "ticket.changed": _changed,
    "message.queued": _queued,
    "message.withdrawn": _withdrawn,
    "call.heard": _spoken,
    "call.done": _spoken,
    "ticket.resolved": _resolved,
    "ticket.confirmed": _confirmed,
    "ticket.reopened": _reopened,
    "ticket.closed": _closed,
    "ticket.rated": _rated,
    "ticket.merged_into": _merged,
    "ticket.unmerged_from": _unmerged,
    "ticket.restored": _restored,
    "ticket.handed_off": _passed_on,
    "ticket.escalated": _passed_on,
    "assistant.proposed": _proposed,
}


def _notice_recontact(event: Event, facts: dict[int, TicketFact], touched: dict[int, TicketFact]) -> None:
    """The same person is back within the window: what was resolved before did not settle it."""
    person, since = event.data["requester_id"], event.at - RECONTACT_WITHIN
    stored = TicketFact.objects.filter(requester_id=person, opened_at__lt=event.at, resolved_at__gte=since)
    for fact in stored.exclude(pk=event.ticket_id or 0):
        facts.setdefault(fact.ticket_id, fact)
    for fact in list(facts.values()):
        if fact.requester_id == person and fact.resolved_at and since <= fact.resolved_at <= event.at:
            fact.recontact = True
            touched[fact.ticket_id] = fact


ONE_PERSON = ("person.joined", "person.parted")


def _another_requester(event: Event, facts: dict[int, TicketFact], touched: dict[int, TicketFact]) -> None:
    """Who wrote by mail and who wrote in a chat turn out to be one: then the one may have come back for the other.

    Taken apart again, their tickets are theirs again; a recontact that was counted meanwhile stays counted.
    """
    person = event.subject_id if event.kind == "person.joined" else event.data["person"]
    moved = set(event.data["moved"].get("tickets", []))
    for fact in TicketFact.objects.filter(Q(pk__in=moved) | Q(requester_id=person)):
        facts.setdefault(fact.ticket_id, fact)
    theirs = [fact for fact in facts.values() if fact.ticket_id in moved or fact.requester_id == person]
    for fact in theirs:
        fact.requester_id = person
        fact.recontact |= any(_came_back(fact, other) for other in theirs)
        touched[fact.ticket_id] = fact


def _came_back(fact: TicketFact, other: TicketFact) -> bool:
    if fact is other or fact.resolved_at is None:
        return False
    return fact.resolved_at <= other.opened_at <= fact.resolved_at + RECONTACT_WITHIN


def _write(facts: Iterable[TicketFact]) -> None:
    names = [field.name for field in TicketFact._meta.concrete_fields if not field.primary_key]
    TicketFact.objects.bulk_create(facts, update_conflicts=True, unique_fields=["ticket_id"], update_fields=names)
