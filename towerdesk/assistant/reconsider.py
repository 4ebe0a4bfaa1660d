"""The customer changed or took back their words: what the assistant made of them is stopped, and it thinks again."""

import contextlib

from django.db import transaction

from towerdesk.assistant.consider import consider
from towerdesk.assistant.models import Run
from towerdesk.assistant.settle import withdraw_open
from towerdesk.events.models import Event
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.errors import Conflict
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Message, Ticket
from towerdesk.tickets.save import save
from towerdesk.tickets.withdraw import withdraw


def reconsider(message: Message, *, cause: Event | None = None) -> Run | None:
    """Nothing when it was not considered yet: then it will be, with the words that it has by then."""
    run = Run.objects.current().filter(message=message).select_related("sent__ticket").first()
    if run is None:
        return None
    name = message.author_name or message.ticket.requester.name
    why = f"{name} {'took back' if message.taken_back_at else 'changed'} what this answers"
    if run.state == "open":
        _withdraw(message.ticket, why)
    if run.sent is not None and run.sent.delivery == "queued":
        with contextlib.suppress(Conflict):  # it is on its way already
            withdraw(run.sent, why, by=CLOCK, cause=cause)
    return consider(message, cause=cause, again=True)


def _withdraw(ticket: Ticket, why: str) -> None:
    """There is nothing to approve any more; what is answered is again for a person to say."""
    with transaction.atomic():
        ticket.hold()
        withdraw_open(ticket, why)
        if ticket.step_kind == "approve":
            save(ticket, also=next_step.plan(ticket, next_step.answer(ticket)))
