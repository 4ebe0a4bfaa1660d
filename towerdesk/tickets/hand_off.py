"""Hand a ticket to another team, with a reason and a note; the team accepts it or sends it back."""

from towerdesk.accounts.models import Team
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.tickets.models import Handoff, Ticket
from towerdesk.tickets.pass_on import pass_on


def hand_off(ticket: Ticket, to: Team, reason: str, note: str, *, by: Actor, cause: Event | None = None) -> Handoff:
    """`reason` is a key or name of the list `handoff`. Raises `Invalid` without it or without a note."""
    return pass_on(ticket, "functional", to, None, reason, note, by=by, cause=cause)
