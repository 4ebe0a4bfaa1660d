"""What the clock does to tickets: reminders fall due, snoozes end, resolved ones close by themselves."""

from django.db import transaction

from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.tickets import next_step
from towerdesk.tickets.approve import expire_approvals
from towerdesk.tickets.close import close
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.ticket import WAITING
from towerdesk.tickets.save import save
from towerdesk.tickets.snooze import wake

BATCH = 200


def time_passes() -> int:
    """Returns how many tickets moved. At most a batch of each kind per call; the next minute takes the rest."""
    decided = expire_approvals()
    closed = sum(_close(ticket) for ticket in _due("close", "resolved"))
    awake = sum(_wake(ticket) for ticket in _due("snooze", *WAITING))
    return (
        decided
        + closed
        + awake
        + sum(
            _come_back(ticket)
            for kind, status in (("customer", "pending"), ("others", "hold"))
            for ticket in _due(kind, status)
        )
    )


def _due(kind: str, *statuses: str) -> list[Ticket]:
    due = Ticket.objects.filter(step_kind=kind, status__in=statuses, due_at__lte=now())
    return list(due.select_related("requester", "team", "assignee").order_by("due_at")[:BATCH])


def _close(ticket: Ticket) -> int:
    close(ticket, "nobody wrote again", by=CLOCK)
    return 1


def _wake(ticket: Ticket) -> int:
    """It may have been snoozed anew, or answered, since it was found."""
    with transaction.atomic():
        ticket.hold()
        if ticket.due_at and ticket.due_at > now():
            return 0
        return wake(ticket, "The snooze is over", by=CLOCK)


def _come_back(ticket: Ticket) -> int:
    """Waiting has ended without an answer: somebody here does something about it."""
    with transaction.atomic():
        ticket.hold()
        if ticket.step_kind not in ("customer", "others") or (ticket.due_at and ticket.due_at > now()):
            return 0
        waited_for = ticket.requester.first_name if ticket.step_kind == "customer" else "Nobody"
        ticket.status, ticket.handler = "open", "person"
        step = next_step.answer(ticket, f"{waited_for} did not answer")
        save(ticket, "status", "handler", also=next_step.plan(ticket, step))
        record(
            "ticket.step", by=CLOCK, ticket=ticket.pk, kind=step.kind, sentence=step.sentence, due=step.due.isoformat()
        )
    return 1
