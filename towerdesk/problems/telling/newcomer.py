"""Somebody is affected who was not when everybody was told: they hear the same approved text, from the assistant, once."""

from django.db import IntegrityError, transaction

from towerdesk.accounts.actors import THE_ASSISTANT
from towerdesk.events.models import Event
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Trouble
from towerdesk.problems.models import Telling, Told
from towerdesk.problems.telling.tell import waits
from towerdesk.problems.telling.text import filled
from towerdesk.problems.telling.whom import ASKED
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.reply import reply, warrant_allows
from towerdesk.tickets.restore import changes_between, snapshot
from towerdesk.tickets.terms import wants_no_more


def tell_newcomer(problem: Ticket, ticket: Ticket, *, cause: Event | None = None) -> Told | None:
    """None when no text was approved for newcomers, or when a person, a machine or their own wish stands against it.

    It goes out as an automatic mail: it is not answered by machines, and does not reach who complained.
    """
    telling = Telling.objects.filter(ticket=problem, tells_new=True).order_by("-id").first()
    if telling is None or telling.state == "stopped" or not _may_hear(ticket):
        return None
    try:
        with transaction.atomic():
            ticket.hold()
            if not (ticket.is_waiting and warrant_allows(ticket)):
                return None
            row = Told.objects.create(telling=telling, ticket=ticket, person_id=ticket.requester_id, at=now())
            before = snapshot(ticket)
            text = filled(telling.texts, ticket, THE_ASSISTANT)
            warrant = f"telling:{telling.pk}"
            row.message = reply(ticket, text, by=THE_ASSISTANT, then="keep", warrant=warrant, cause=cause)
            waits(ticket, problem, THE_ASSISTANT)
            row.result, row.changed = "told", changes_between(before, snapshot(ticket))
            row.save(update_fields=["message", "result", "changed"])
    except (IntegrityError, Trouble):  # they were told on another ticket; a person was faster
        return None
    return row


def _may_hear(ticket: Ticket) -> bool:
    newest = ticket.messages.filter(direction="in", public=True).order_by("-id").first()
    return newest is not None and newest.auto in ASKED and not wants_no_more(ticket)
