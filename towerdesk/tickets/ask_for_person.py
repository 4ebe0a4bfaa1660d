"""A customer wants a person: from now on the assistant says nothing by itself on this ticket, and somebody of ours answers.

Nothing of the assistant's is needed for it: it holds with the assistant stopped, broken, without a model or a budget.
"""

from typing import Literal

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record, together
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.reopen import reopen
from towerdesk.tickets.save import save
from towerdesk.tickets.wants_person import language_asked_in
from towerdesk.tickets.withdraw import withdraw_pending

type How = Literal["words", "link"]
BEFORE_A_PERSON = ("answer", "call")
"""Steps with which a person of ours is to turn to the customer."""
WRITTEN_BY_PEOPLE = ("", "list", "bulk")
"""Kinds of mail whose words count: of a machine's none does."""


def heed(message: Message, *, cause: Event | None = None) -> bool:
    """Whether these words ask for a person; then it is done. Asked of every message before anything else is decided."""
    if message.auto not in WRITTEN_BY_PEOPLE or message.taken_back_at or not message.ticket.is_waiting:
        return False
    language = language_asked_in(f"{message.subject}\n{message.visible}")
    if not language:
        return False
    by = message.person.actor() if message.person else message.ticket.requester.actor()
    return ask_for_person(message.ticket, by=by, how="words", language=language, cause=cause)


def ask_for_person(
    ticket: Ticket, *, by: Actor, how: How = "link", language: str = "", cause: Event | None = None
) -> bool:
    """False when a person is to answer them already because they asked. A resolved ticket is taken up again."""
    by.must("ticket.ask_person")
    with transaction.atomic(), together():
        ticket.hold()
        if ticket.person_asked_at and ticket.is_waiting and ticket.step_kind in BEFORE_A_PERSON:
            return False
        why = f"{ticket.requester.first_name} asks for a person"
        reopen(ticket, why, by=by, cause=cause)
        withdraw_pending(ticket, why, by=by, cause=cause)
        ticket.person_asked_at = now()
        ticket.status = "new" if ticket.status == "new" else "open"
        ticket.handler = "person"
        save(ticket, "person_asked_at", "status", "handler", also=_step(ticket))
        record("ticket.person_asked", by=by, ticket=ticket.pk, cause=cause, how=how, language=language)
    return True


def _step(ticket: Ticket) -> list[str]:
    """Whoever is to call them back does that."""
    if ticket.step_kind == "call":
        return []
    return next_step.plan(ticket, next_step.answer(ticket, f"{ticket.requester.first_name} asks for a person"))
