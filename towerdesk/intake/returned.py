"""One of our messages came back: tie the notice to it. A bounce opens no ticket."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from towerdesk.channels.contract import Failure, Incoming
from towerdesk.events.models import Event
from towerdesk.intake.finish import finish
from towerdesk.intake.models import Raw
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.people.complain import wants_nothing_automatic
from towerdesk.people.models import Identity
from towerdesk.tickets.models import Message
from towerdesk.tickets.undelivered import bounced, complained

LOOK_BACK = timedelta(days=7)  # how old a message may be that is found by its recipient alone


def returned(raw: Raw, incoming: Incoming) -> None:
    failures = incoming.undelivered.failures if incoming.undelivered else ()
    message = _our_message(incoming)
    with transaction.atomic():
        if message and not _of_an_earlier_try(message, incoming):
            for failure in failures:
                _tell(message, failure)
        if incoming.auto == "complaint":
            _complained(incoming, message)
        ticket = message.ticket_id if message else None
        finish(raw, "bounce", _reason(incoming, failures, message), incoming=incoming, ticket=ticket)


def _tell(message: Message, failure: Failure) -> None:
    """Once: providers tell of the same failure again, and in other words. When it was sent again, it is news again."""
    before = _events(message, "message.bounced").filter(data__recipient=failure.recipient)
    again = _events(message, "message.tried_again").values_list("pk", flat=True).last() or 0
    if before.filter(data__permanent=failure.permanent, pk__gt=again).exists():
        return
    bounced(
        message,
        failure.sentence.rstrip("."),
        status=failure.status,
        recipient=failure.recipient,
        permanent=failure.permanent,
        by=CLOCK,
    )


def _of_an_earlier_try(message: Message, incoming: Incoming) -> bool:
    """A person has sent it once more since that happened."""
    again = _events(message, "message.tried_again").values_list("at", flat=True).last()
    return bool(again and incoming.at and incoming.at < again)


def _events(message: Message, kind: str) -> "QuerySet[Event]":
    """By the ticket, since that is where the log has an index."""
    return Event.objects.of(message.ticket_id).filter(kind=kind, subject_id=message.pk)


def _complained(incoming: Incoming, message: Message | None) -> None:
    """Who it was: as told; else, of a report that hides it, the only one that the mail went to."""
    told = _recipients(incoming) or (list(message.to) if message and len(message.to) == 1 else [])
    for address in told:
        if wants_nothing_automatic(address) and message:
            complained(message, address, by=CLOCK)


def _reason(incoming: Incoming, failures: Sequence[Failure], message: Message | None) -> str:
    """The recipients with their codes, then what it belongs to."""
    said = [
        f"{failure.recipient or 'Somebody'} was {'not reached' if failure.permanent else 'not reached yet'}"
        f" ({failure.code + ', ' if failure.code else ''}{failure.sentence.rstrip('.').lower()})"
        for failure in failures[:5]
    ]
    whose = f"on ticket {message.ticket_id}" if message else "no message of ours is known for it"
    return f"{'; '.join(said) or incoming.why_auto.rstrip('.')}: {whose}."


def _our_message(incoming: Incoming) -> Message | None:
    """By our signed ids and addresses; by the id of what came back; only when nothing names it, by whom it was to."""
    out = Message.objects.select_related("ticket").filter(direction="out", public=True).order_by("-pk")
    if incoming.ours:
        return out.filter(pk=incoming.ours[0]).first()
    if incoming.answers:
        return out.filter(message_id__in=list(incoming.answers)[:20]).first()
    people = Identity.objects.filter(kind="email", value__in=_recipients(incoming)).values_list("person_id", flat=True)
    lately = out.filter(created_at__gt=now() - LOOK_BACK, delivery__in=("sending", "sent", "unsure"))
    return lately.filter(ticket__requester__in=list(people)).first()


def _recipients(incoming: Incoming) -> list[str]:
    if not incoming.undelivered:
        return []
    named = [failure.recipient for failure in incoming.undelivered.failures if failure.recipient]
    return [*named, *incoming.undelivered.recipients][:20]
