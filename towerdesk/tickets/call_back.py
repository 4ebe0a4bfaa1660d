"""Ring the customer of a ticket, or say that somebody has. The call is queued here and made by `delivery`."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from towerdesk.channels.account import account_of
from towerdesk.channels.models import Inbox
from towerdesk.channels.registry import channel, channels
from towerdesk.channels.ringing import Ringing
from towerdesk.events.models import Event
from towerdesk.events.record import record, together
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid, Unavailable
from towerdesk.lib.phone import e164, number_words
from towerdesk.people.models import Identity
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Call, Message, Ticket
from towerdesk.tickets.outgoing import outgoing
from towerdesk.tickets.save import save
from towerdesk.tickets.settle_handoff import worked_on
from towerdesk.tickets.withdraw import withdraw_pending

SOON = timedelta(minutes=5)
"""A call that could not be asked for by then is not made: nobody sits by the telephone any more."""


def ring_back(ticket: Ticket, number: str, agent: str, *, by: Actor, cause: Event | None = None) -> Message:
    """Rings `agent`, a number of ours, and once that is taken `number`: one of the customer's, unless a person typed it."""
    by.must("ticket.reply")
    agent, number, inbox = e164(agent), e164(number), rings_by(ticket)
    if inbox is None:
        raise Invalid("No inbox can make calls: connect one for the telephone under Settings → Inboxes.")
    if by.kind != "agent" and number not in numbers_of(ticket):
        raise Invalid(f"{number_words(number)} is no number of {ticket.requester.first_name}.")
    with transaction.atomic(), together():
        ticket.hold()
        if not ticket.is_waiting:
            raise Conflict(f"Ticket {ticket.number} is {ticket.get_status_display().lower()}: open it again first.")
        if _ringing(ticket).exists():
            raise Conflict(f"{ticket.requester.first_name} is being rung already.")
        withdraw_pending(ticket, f"{by.name} calls", by=by, cause=cause)
        message = _queue(ticket, number, agent, inbox, by)
        took = bool(by.user_id and ticket.assignee_id is None and not worked_on(ticket, by=by, cause=cause))
        if took:
            ticket.assignee_id = by.user_id
        ticket.status, ticket.handler = "open", "person"
        save(ticket, "assignee", "status", "handler")
        record("call.asked", by=by, ticket=ticket.pk, subject=message.pk, cause=cause, took=took)
    return message


def called_back(ticket: Ticket, *, by: Actor, cause: Event | None = None) -> None:
    """A person spoke with them, by whatever telephone."""
    by.must("ticket.reply")
    with transaction.atomic():
        ticket.hold()
        if ticket.step_kind != "call":
            raise Conflict(f"Nobody of ticket {ticket.number} is to be called back by now.")
        ticket.first_reply_at = ticket.first_reply_at or now()
        save(ticket, "first_reply_at", also=next_step.plan(ticket, next_step.write_down(ticket)))
        record("call.done", by=by, ticket=ticket.pk, cause=cause, name=ticket.requester.first_name)


def rings_by(ticket: Ticket) -> Inbox | None:
    """The ticket's own inbox, or the first that can make calls."""
    able = [name for name in channels() if isinstance(channel(name), Ringing)]
    found = Inbox.objects.filter(channel__in=able, paused=False).exclude(hook=None).order_by("pk")
    return found.filter(pk=ticket.inbox_id).first() or found.first()


def our_number(inbox: Inbox, by: Actor) -> str:
    """Where this person was rung last, or the number that the inbox names."""
    mine = Call.objects.filter(message__author_kind=by.kind, message__author_id=by.id).exclude(agent="")
    last = mine.order_by("-pk").values_list("agent", flat=True).first()
    speaks = channel(inbox.channel)
    try:
        return last or (speaks.agent(account_of(inbox)) if isinstance(speaks, Ringing) else "")
    except Unavailable:
        return ""


def numbers_of(ticket: Ticket) -> list[str]:
    """Of the customer, those that they called from on this ticket first, the newest before."""
    called = Call.objects.filter(message__ticket=ticket).exclude(number="").order_by("-pk")
    known = Identity.objects.filter(person=ticket.requester_id, kind="phone").order_by("pk")
    numbers = [*called.values_list("number", flat=True)[:20], *known.values_list("value", flat=True)]
    return list(dict.fromkeys(number for number in numbers if number.startswith("+")))


def _ringing(ticket: Ticket) -> "QuerySet[Call]":
    calls = Call.objects.filter(message__ticket=ticket, message__direction="out")
    return calls.filter(message__delivery__in=("queued", "sending"), message__created_at__gt=now() - SOON)


def _queue(ticket: Ticket, number: str, agent: str, inbox: Inbox, by: Actor) -> Message:
    """It leaves by the inbox whose number rings, which need not be the ticket's own."""
    message = outgoing(ticket, f"Call to {number_words(number)}", by=by, warrant="", inbox=inbox)
    message.save(force_insert=True)
    Call.objects.create(message=message, inbox=inbox, outcome="ringing", number=number, agent=agent)
    return message
