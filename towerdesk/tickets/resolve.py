"""Say that a ticket is done, and later how we know that it is."""

from django.db import transaction

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.errors import Conflict, Invalid
from towerdesk.tickets import next_step
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.save import save
from towerdesk.tickets.settle_handoff import settle_handoff
from towerdesk.tickets.taxonomy.begins_with import RESOLUTIONS
from towerdesk.tickets.taxonomy.choose import choose
from towerdesk.tickets.taxonomy.demand import must_say

KINDS = tuple(key for key, _ in RESOLUTIONS)
"""The resolution codes that a desk begins with; `taxonomy` knows which there are."""
KNOWN_BY = ("confirmed", "assumed", "disputed", "reopened", "unknown")


def resolve(ticket: Ticket, note: str = "", *, kind: str = "solved", by: Actor, cause: Event | None = None) -> None:
    """A resolution begins as `unknown`; the customer's word or a window of silence says more."""
    by.must("ticket.resolve")
    with transaction.atomic():
        ticket.hold()
        if ticket.status == "closed":
            raise Conflict(f"Ticket {ticket.number} is closed: reopen it first.")
        if ticket.status == "resolved":
            return
        settle_handoff(ticket, by=by, cause=cause)
        kind = choose("resolution", kind or "solved")
        must_say(ticket, "resolved", by=by)
        ticket.status, ticket.resolution, ticket.resolution_note = "resolved", kind, note
        ticket.resolved_by, ticket.resolved_at, ticket.known_by = by.kind, now(), "unknown"
        step = next_step.plan(ticket, next_step.close_later(ticket))
        save(ticket, "status", "resolution", "resolution_note", "resolved_by", "resolved_at", "known_by", also=step)
        record("ticket.resolved", by=by, ticket=ticket.pk, cause=cause, kind=kind, note=note, known_by="unknown")


def confirm(ticket: Ticket, known_by: str, *, by: Actor, cause: Event | None = None) -> None:
    """Write down how we know: `confirmed` or `disputed` by the customer, `assumed` after silence."""
    if known_by not in KNOWN_BY:
        raise Invalid(f"A resolution is known to be one of {', '.join(KNOWN_BY)}, not {known_by!r}.")
    with transaction.atomic():
        ticket.hold()
        if ticket.known_by == known_by or (known_by == "assumed" and ticket.known_by == "confirmed"):
            return
        ticket.known_by = known_by
        save(ticket, "known_by")
        record("ticket.confirmed", by=by, ticket=ticket.pk, cause=cause, known_by=known_by)
