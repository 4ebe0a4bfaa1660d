"""Take a merge back: the messages go where they were, and the ticket is what it was."""

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, NotFound
from towerdesk.tickets.hold import hold
from towerdesk.tickets.merge import standing
from towerdesk.tickets.models import Merge, Message, Ticket
from towerdesk.tickets.restore import put_back
from towerdesk.tickets.save import save


def unmerge(ticket: Ticket, *, by: Actor, cause: Event | None = None) -> Ticket:
    """Returns the ticket that it was taken out of. What came in since the merge, and what was split off, stays there."""
    by.must("ticket.merge")
    with transaction.atomic():
        at = _hold_with_standing(ticket)
        merged = Merge.objects.filter(ticket=ticket, undone_at=None).select_related("into").first()
        if merged is None:
            raise NotFound(f"Ticket {ticket.number} is not merged into another one: there is nothing to undo.")
        back = Message.objects.filter(pk__in=merged.messages, ticket=at).update(ticket=ticket)
        _stand_again(ticket, merged)
        _settle(at, merged)
        Merge.objects.filter(pk=merged.pk).update(undone_at=now())
        record(
            "ticket.unmerged", by=by, ticket=at.pk, cause=cause, other=ticket.number, messages=back, status=at.status
        )
        record("ticket.unmerged_from", by=by, ticket=ticket.pk, cause=cause, other=merged.into_id, status=ticket.status)
    return at


def _hold_with_standing(ticket: Ticket) -> Ticket:
    at = standing(Ticket.objects.select_related("merged_into").get(pk=ticket.pk))
    if at.pk == ticket.pk:
        ticket.hold()
        return ticket
    hold(ticket, at)
    if at.merged_into_id:
        raise Conflict(f"Ticket {at.number} was merged into another one just now: try once more.")
    return at


def _stand_again(ticket: Ticket, merged: Merge) -> None:
    ticket.merged_into = None
    save(ticket, "merged_into", *put_back(ticket, merged.changed))


def _settle(at: Ticket, merged: Merge) -> None:
    """The other one goes back too, as far as nobody has touched it since."""
    save(at, *(put_back(at, merged.changed_into) if at.pk == merged.into_id else ()))
