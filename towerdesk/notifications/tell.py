"""Tell a person or a team something about a ticket, in words of one's own; urgently, when it can't wait for the morning."""

from django.db import transaction

from towerdesk.accounts.actors import agent
from towerdesk.accounts.models import Team, User
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid, Refused
from towerdesk.lib.text import one_line, storable
from towerdesk.tickets.models import Ticket

LONGEST = 250


def tell(
    ticket: Ticket, to: User | Team, text: str, *, urgent: bool = False, by: Actor, cause: Event | None = None
) -> None:
    """Only a word in the log: whoever follows it brings it to them, by the ways that they have chosen."""
    by.must("ticket.tell")
    words = one_line(storable(text), LONGEST)
    if not words:
        raise Invalid("There is nothing to tell: write a few words.", {"text": "Write what they should know."})
    if isinstance(to, User) and not Ticket.objects.visible_to(agent(to)).filter(pk=ticket.pk).exists():
        raise Refused(
            f"{to} may not read ticket {ticket.number}: tell somebody else, or give it to a team of theirs first."
        )
    told = {"user": to.pk if isinstance(to, User) else None, "team": to.pk if isinstance(to, Team) else None}
    with transaction.atomic():
        ticket.hold()
        record("ticket.told", by=by, ticket=ticket.pk, cause=cause, name=str(to), text=words, urgent=urgent, **told)
