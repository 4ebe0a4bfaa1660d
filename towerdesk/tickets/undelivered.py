"""A reply did not arrive, could not be sent, or nobody knows: say so on the ticket and give it back to a person."""

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict
from towerdesk.lib.phone import number_words
from towerdesk.people.complain import forget_complaints
from towerdesk.tickets import next_step
from towerdesk.tickets.hold import hold_ticket_of
from towerdesk.tickets.models import Call, Message, Ticket
from towerdesk.tickets.save import save

FAILED = ("message.failed", "call.failed")
UNSURE = ("message.unsure", "call.unsure")
"""Of a reply, and of a call that we were to make."""


def bounced(
    message: Message,
    reason: str,
    *,
    status: str = "",
    recipient: str = "",
    permanent: bool = True,
    by: Actor,
    cause: Event | None = None,
) -> None:
    """`reason` is a sentence without its end. A delay, or a copy that bounced, stays on record and asks for nothing."""
    by.must("ticket.receive")
    said = {"reason": reason, "status": status, "recipient": recipient, "permanent": permanent}
    with transaction.atomic():
        ticket = hold_ticket_of(message)
        was = _state(message)
        record("message.bounced", by=by, ticket=ticket.pk, subject=message.pk, cause=cause, **said)
        if permanent and was != "bounced" and not _went_to_others_too(message, recipient):
            _mark(message, "bounced", reason)
            _ask_a_person(ticket, next_step.answer(ticket, f"The reply did not arrive: {reason}"))


def complained(message: Message, recipient: str, *, by: Actor, cause: Event | None = None) -> None:
    """Somebody called this reply spam. It did arrive; a person sees it on the ticket before they write again."""
    by.must("ticket.receive")
    with transaction.atomic():
        ticket = hold_ticket_of(message)
        record("message.complained", by=by, ticket=ticket.pk, subject=message.pk, cause=cause, recipient=recipient)


def lift_complaint(ticket: Ticket, *, by: Actor, cause: Event | None = None) -> None:
    """A person's word that the customer does want automatic mail, say because they told so."""
    by.must("person.change")
    with transaction.atomic():
        for address in forget_complaints(ticket.requester_id):
            record("message.complaint_lifted", by=by, ticket=ticket.pk, cause=cause, recipient=address)


def failed(message: Message, reason: str, *, by: Actor, cause: Event | None = None) -> None:
    """It did not leave, and trying again will not help."""
    by.must("ticket.reply")
    with transaction.atomic():
        ticket = hold_ticket_of(message)
        _mark(message, "failed", reason)
        call = Call.objects.filter(message=message).first()
        record(FAILED[call is not None], by=by, ticket=ticket.pk, subject=message.pk, cause=cause, reason=reason)
        if call:
            why = f"The call could not be made: {reason}"
            _ask_a_person(ticket, next_step.call_back(ticket, number_words(call.number), why))
        else:
            _ask_a_person(ticket, next_step.answer(ticket, f"The reply could not be sent: {reason}"))


def unsure(message: Message, reason: str, *, by: Actor, cause: Event | None = None) -> None:
    """It may or may not have left: it is never sent again by itself; a person is asked."""
    by.must("ticket.reply")
    with transaction.atomic():
        ticket = hold_ticket_of(message)
        _mark(message, "unsure", reason)
        call = Call.objects.filter(message=message).first()
        record(UNSURE[call is not None], by=by, ticket=ticket.pk, subject=message.pk, cause=cause, reason=reason)
        if call:
            why = "Nobody knows whether the call was made"
            _ask_a_person(ticket, next_step.call_back(ticket, number_words(call.number), why))
        else:
            _ask_a_person(ticket, next_step.check_sent(ticket))


def send_again(message: Message, *, by: Actor, cause: Event | None = None) -> None:
    """A person's word that a failed, bounced or doubtful reply shall leave, once more if need be."""
    by.must("ticket.reply")
    with transaction.atomic():
        ticket = hold_ticket_of(message)
        _must_be(message, "failed", "unsure", "bounced")
        Message.objects.filter(pk=message.pk).update(send_after=now())
        _mark(message, "queued", "")
        _settle(ticket, message)
        record("message.tried_again", by=by, ticket=ticket.pk, subject=message.pk, cause=cause)


def call_it_sent(message: Message, *, by: Actor, cause: Event | None = None) -> None:
    """A person's word, or the late answer of the next hop, that a doubtful reply did go out."""
    by.must("ticket.reply")
    with transaction.atomic():
        ticket = hold_ticket_of(message)
        _must_be(message, "unsure")
        Message.objects.filter(pk=message.pk).update(sent_at=now())
        _mark(message, "sent", "")
        _settle(ticket, message)
        record("message.sent", by=by, ticket=ticket.pk, subject=message.pk, cause=cause, channel=message.channel)


def _state(message: Message) -> str:
    """As it is now: the ticket is held, so nobody changes it meanwhile."""
    message.refresh_from_db(fields=["delivery", "to"])
    return message.delivery


def _must_be(message: Message, *states: str) -> None:
    if _state(message) not in states:
        raise Conflict(f"This reply is {message.get_delivery_display().lower()} by now: look again before you decide.")


def _went_to_others_too(message: Message, recipient: str) -> bool:
    """It bounced for somebody in copy only."""
    return bool(recipient and message.to and recipient not in message.to)


def _mark(message: Message, delivery: str, note: str) -> None:
    message.delivery, message.delivery_note = delivery, note[:500]
    message.save(update_fields=["delivery", "delivery_note"])


def _ask_a_person(ticket: Ticket, step: next_step.Step) -> None:
    """A closed ticket stays closed: the event says what happened."""
    if ticket.status == "closed":
        return
    if ticket.status in ("pending", "resolved"):
        ticket.status, ticket.resolved_at, ticket.resolution, ticket.known_by = "open", None, "", ""
    ticket.handler = "person"
    also = next_step.plan(ticket, step)
    save(ticket, "status", "handler", "resolved_at", "resolution", "known_by", also=also)


def _settle(ticket: Ticket, message: Message) -> None:
    """The ticket waits on the customer again, unless they have written since."""
    newer = ticket.messages.filter(direction="in", public=True, pk__gt=message.pk).exists()
    if ticket.status in ("open", "new") and not newer:
        ticket.status = "pending"
        save(ticket, "status", also=next_step.plan(ticket, next_step.remind(ticket)))
