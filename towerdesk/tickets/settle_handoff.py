"""What other verbs mean for a handoff that waits: working on it accepts it, moving it otherwise takes it back."""

from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.tickets.accept_handoff import take_in
from towerdesk.tickets.models import Handoff, Ticket
from towerdesk.tickets.models.handoff import asked_handoff
from towerdesk.tickets.send_back import give_back

HANDS = ("agent", "key")
"""Those who may answer for a team; rules, routing and the clock accept nothing in anybody's name."""


def worked_on(ticket: Ticket, *, by: Actor, cause: Event | None = None) -> bool:
    """With the ticket held. Accepts it when the receivers work on it; True while it still waits for them."""
    return _left_waiting(ticket, by, cause) is not None


def settle_handoff(ticket: Ticket, *, by: Actor, cause: Event | None = None) -> bool:
    """As `worked_on`; when anybody else moves or ends the ticket, the sender has it again before that."""
    handoff = _left_waiting(ticket, by, cause)
    if handoff is None or by.kind not in HANDS:
        return handoff is not None
    _take_back(handoff, ticket, by=by, cause=cause)
    return False


def _left_waiting(ticket: Ticket, by: Actor, cause: Event | None) -> Handoff | None:
    handoff = asked_handoff(ticket)
    if handoff is None:
        return None
    if not handoff.waits:  # overtaken: the ticket was closed, or undo gave it to somebody else
        handoff.end("withdrawn", by)
        return None
    if by.kind in HANDS and handoff.is_asked_of(by):
        take_in(handoff, ticket, by=by, cause=cause)
        return None
    return handoff


def _take_back(handoff: Handoff, ticket: Ticket, *, by: Actor, cause: Event | None) -> None:
    handoff.end("withdrawn", by)
    was = ticket.owner_name
    give_back(handoff, ticket, "Taken back")
    said = {"was": was, "now": ticket.owner_name, "team": str(ticket.team)}
    record("handoff.withdrawn", by=by, ticket=ticket.pk, subject=handoff.pk, cause=cause, **said)
