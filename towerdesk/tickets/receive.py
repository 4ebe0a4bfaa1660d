"""Take in what somebody outside wrote on a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.files import Kept
from towerdesk.lib.rows import insert, inserting
from towerdesk.lib.text import one_line, storable
from towerdesk.people.models import Person
from towerdesk.tickets import next_step
from towerdesk.tickets.attach import attach
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reopen import reopen
from towerdesk.tickets.resolve import confirm
from towerdesk.tickets.save import save
from towerdesk.tickets.thanks import is_thanks


@dataclass(slots=True)
class Received:
    """A message from outside, already cleaned. `files` are kept in the storage before the transaction begins."""

    text: str
    visible: str = ""
    html: str = ""
    subject: str = ""
    sender: str = ""
    person: Person | None = None
    channel: str = "email"
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    message_id: str = ""
    thread_key: str = ""
    external_key: str | None = None
    auto: str = ""
    trust: dict[str, Any] = field(default_factory=dict)
    files: Sequence[Kept] = ()
    at: datetime | None = None  # when it was written, if somebody trustworthy says so


LATE = timedelta(days=7)
"""What claims to be older than this, or to come from the future, is dated by when it came."""


def receive(
    ticket: Ticket, received: Received, *, by: Actor, cause: Event | None = None, opening: bool = False
) -> Message:
    """Raises `IntegrityError` when a message with the same external key is already there.

    `opening` says that the ticket was opened in this very transaction: nobody else can know it yet, so it need not be
    held, and its next step has just been planned.
    """
    by.must("ticket.receive")
    with transaction.atomic(savepoint=False):
        is_first = opening or not ticket.hold().messages.exists()
        message = _message(ticket, received, by)
        if not opening:
            _keep(message, received)
            _wake(ticket, message, by=by, cause=cause)
        record(
            "message.received",
            by=by,
            ticket=ticket.pk,
            subject=inserting(message) if opening else message.pk,
            cause=cause,
            channel=message.channel,
            auto=message.auto,
            first=is_first,
        )
        if opening:
            attach(received.files, message)
    return message


def _message(ticket: Ticket, received: Received, by: Actor) -> Message:
    return Message(
        ticket=ticket,
        direction="in",
        author_kind=by.kind,
        author_id=by.id,
        author_name=by.name[:200],
        person=received.person,
        channel=received.channel,
        subject=one_line(storable(received.subject), 500),
        text=storable(received.text),
        visible=storable(received.visible or received.text),
        html=storable(received.html),
        auto=received.auto,
        trust=received.trust,
        sender=received.sender[:320],
        to=list(received.to),
        cc=list(received.cc),
        message_id=received.message_id[:400],
        thread_key=received.thread_key[:200],
        external_key=received.external_key,
        created_at=_written_at(received),
    )


def _keep(message: Message, received: Received) -> None:
    insert(message)
    attach(received.files, message)


def _written_at(received: Received) -> datetime:
    at, arrived = received.at, now()
    return at if at is not None and arrived - LATE < at < arrived else arrived


def _wake(ticket: Ticket, message: Message, *, by: Actor, cause: Event | None) -> None:
    """A person's words put the ticket before us again; an automatic mail and a mere thank-you do not."""
    if message.auto in ("vacation", "auto_reply"):
        save(ticket)
    elif ticket.status in ("resolved", "closed") and is_thanks(message.visible):
        save(ticket)
        if ticket.status == "resolved" or ticket.known_by == "assumed":
            confirm(ticket, "confirmed", by=by, cause=cause)
    elif ticket.status in ("resolved", "closed"):
        reopen(ticket, f"{ticket.requester.first_name} wrote again", by=by, cause=cause)
    else:
        if ticket.status != "new":
            ticket.status = "open"
        ticket.handler = "person" if ticket.assignee_id else ticket.handler
        save(ticket, "status", "handler", also=next_step.plan(ticket, next_step.answer(ticket)))
