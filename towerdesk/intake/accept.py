"""Bytes become a ticket, a message on one, a bounce of ours, or are set aside for a reason. Never nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from towerdesk.channels.account import plain_fields
from towerdesk.channels.contract import Incoming
from towerdesk.channels.registry import channel
from towerdesk.channels.webform import said as webform
from towerdesk.events.record import together
from towerdesk.intake import by_form
from towerdesk.intake.complete import complete
from towerdesk.intake.fetch import fetched
from towerdesk.intake.finish import FinishedAlready, finish
from towerdesk.intake.happened import happened, wake
from towerdesk.intake.models import Raw
from towerdesk.intake.outage import is_outage, keep_files
from towerdesk.intake.returned import returned
from towerdesk.intake.sort_out import external_key, reason_against, same_again
from towerdesk.intake.sweep import sweep
from towerdesk.intake.thread import find_ticket
from towerdesk.intake.trust import with_trust
from towerdesk.intake.who import person_behind
from towerdesk.lib.actor import CLOCK, Actor
from towerdesk.lib.compiled import compiled
from towerdesk.lib.errors import Trouble
from towerdesk.lib.files import Kept
from towerdesk.lib.locks import one_at_a_time
from towerdesk.lib.text import one_line, storable
from towerdesk.people.models import Person
from towerdesk.tickets import hear
from towerdesk.tickets.grace import starts_anew
from towerdesk.tickets.link import link
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.open import open_ticket
from towerdesk.tickets.receive import Received, receive

__all__ = ["Accepted", "accept", "read_raw", "sweep", "take_in"]

MOST_OF_SUBJECT = 80
NO_TICKET_YET = "It is part of a conversation that is no ticket. It joins it as soon as somebody turns that into one."

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Accepted:
    raw: Raw  # its `state` says what became of it
    incoming: Incoming | None  # None when it could not even be read


def accept(raw_id: int) -> Accepted | None:
    """Safe to repeat and to run twice at once; None when it was finished before.

    Bad content never raises, so that it does not stop what is behind it. Raises when the database or the storage is
    away: then the job is tried again.
    """
    found: list[Raw] = _stored(number=raw_id)
    return take_in(found[0]) if found else None


@compiled
def _stored(*, number: int) -> "QuerySet[Raw]":
    return Raw.objects.to_read().filter(pk=number, state="stored")


def take_in(raw: Raw, *, despite_all: bool = False, by: Actor = CLOCK) -> Accepted:
    """`despite_all`: a person said that it shall be on a ticket, whatever speaks against it."""
    incoming = None
    try:
        incoming = read_raw(raw)
        _become(raw, incoming, despite_all=despite_all, by=by)
    except FinishedAlready:
        raw.refresh_from_db()
    except Exception as error:
        if is_outage(error):
            raise
        _fail(raw, incoming, error)
    return Accepted(raw, incoming)


def read_raw(raw: Raw) -> Incoming:
    """What its bytes say; `raw` comes from `to_read()`. Changes nothing."""
    if raw.door == "webform":
        return webform.read(bytes(raw.content))
    envelope = raw.envelope
    if fields := plain_fields(raw.inbox):
        envelope = {**envelope, "account": fields}
    return channel(raw.inbox.channel).read(bytes(raw.content), envelope, raw.our_addresses)


def _become(raw: Raw, incoming: Incoming, *, despite_all: bool, by: Actor) -> None:
    if raw.door == "webform":
        by_form.become(raw, incoming, despite_all=despite_all, by=by)
        return
    if (incoming.undelivered or incoming.auto == "complaint") and not despite_all:
        returned(raw, incoming)
        return
    if incoming.happening != "message" and not (despite_all and incoming.happening == "unknown"):
        happened(raw, incoming, by=by)
        return
    ticket = find_ticket(incoming, raw.inbox_id)
    if incoming.joins and ticket is None and not despite_all:
        with transaction.atomic():
            finish(raw, "set_aside", NO_TICKET_YET, incoming=incoming, about=incoming.conversation)
        return
    against = "" if despite_all else reason_against(raw, incoming, ticket)
    if against:
        _set_aside(raw, incoming, against)
        return
    complete(raw, incoming)
    files = keep_files([*incoming.files, *fetched(raw, incoming)])  # before the transaction: across networks
    try:
        key = None if despite_all else external_key(raw, incoming)
        _put_on_ticket(raw, incoming, ticket, files, key, by=by)
    except IntegrityError:
        there = same_again(raw, incoming)
        if not there:
            raise
        _set_aside(raw, incoming, there)  # another copy was faster by a moment


def _put_on_ticket(
    raw: Raw, incoming: Incoming, ticket: Ticket | None, files: Sequence[Kept], key: str | None, *, by: Actor
) -> None:
    with transaction.atomic(), together():
        if incoming.conversation:  # its first two messages may be read at once, and belong on one ticket
            if incoming.resumes:
                one_at_a_time(f"sender {raw.inbox_id} {incoming.sender}")
            one_at_a_time(f"conversation {raw.inbox_id} {incoming.conversation}")
            ticket = find_ticket(incoming, raw.inbox_id)
        person = person_behind(incoming)
        received = _received(raw, incoming, person, ticket, files, key)
        old = ticket if ticket and starts_anew(ticket, received.visible or received.text) else None
        new = ticket is None or old is not None
        if ticket is None or old:
            ticket = open_ticket(_subject(incoming), requester=person, inbox=raw.inbox, by=person.actor())
        message = receive(ticket, received, by=person.actor(), opening=new)
        if incoming.talk:
            hear.begin(message, incoming.talk, raw.inbox, by=by)
        if old:
            link(ticket, old, "follow_up", by=by)
        finish(raw, "ticket" if new else "message", incoming=incoming, message=message, by=by)
        if raw.door in ("hook", "list"):
            wake(raw.inbox_id, incoming.external_id)
            wake(raw.inbox_id, incoming.conversation)


def _subject(incoming: Incoming) -> str:
    """Of a conversation, which has none: how it began."""
    if incoming.subject or not incoming.conversation:
        return incoming.subject
    first = next((line for line in incoming.visible.splitlines() if line.strip()), "")
    named = next(iter([*(file.name for file in incoming.files), *(file.name for file in incoming.remote)]), "")
    return one_line(storable(first or named), MOST_OF_SUBJECT)


def _received(
    raw: Raw, incoming: Incoming, person: Person, ticket: Ticket | None, files: Sequence[Kept], key: str | None
) -> Received:
    return Received(
        text=incoming.text,
        visible=incoming.visible,
        html=incoming.html,
        subject=incoming.subject,
        sender=storable(incoming.sender),
        person=person,
        channel=raw.inbox.channel,
        to=incoming.to,
        cc=incoming.cc,
        message_id=storable(incoming.external_id),
        thread_key=storable(incoming.conversation or incoming.thread_key),
        external_key=key,
        auto=incoming.auto,
        trust=with_trust(incoming, ticket),
        files=files,
        at=incoming.at,
    )


def _set_aside(raw: Raw, incoming: Incoming, reason: str) -> None:
    with transaction.atomic():
        finish(raw, "set_aside", reason, incoming=incoming)


def _fail(raw: Raw, incoming: Incoming | None, error: Exception) -> None:
    log.exception("an arrival could not be taken in", raw=raw.pk)
    said = str(error) if isinstance(error, Trouble) else f"{type(error).__name__}: {error}"
    try:
        with transaction.atomic():
            finish(raw, "failed", f"This could not be taken in ({said}). Its bytes are kept.", incoming=incoming)
    except FinishedAlready:
        raw.refresh_from_db()
