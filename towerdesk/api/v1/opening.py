"""Open a ticket from what a program sent: the key opens it, the words in it are the requester's."""

from collections.abc import Sequence

from django.db import transaction

from towerdesk.accounts.models import Team
from towerdesk.api.v1.shapes import TicketIn
from towerdesk.channels.models import Inbox
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.lib.files import Kept
from towerdesk.people.find import normal_email, person_for
from towerdesk.people.models import Person
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.open import open_ticket
from towerdesk.tickets.receive import Received, receive
from towerdesk.tickets.tag import cleaned


def open_from(said: TicketIn, files: Sequence[Kept], *, by: Actor) -> Ticket:
    """All or nothing. The requester is who the key says, so nothing about them counts as verified."""
    by.must("ticket.open")
    by.must("ticket.receive")
    inbox, team = _inbox(said.inbox), _team(said.team)
    with transaction.atomic():
        ticket, requester = _open(said, inbox, team, by)
        receive(ticket, _received(said, requester, files, by), by=requester.actor(), opening=True)
        ticket.refresh_from_db(fields=["due_at"])  # as the clocks set it
    return ticket


def _open(said: TicketIn, inbox: Inbox, team: Team | None, by: Actor) -> tuple[Ticket, Person]:
    requester = person_for(said.requester.email, said.requester.name)
    ticket = open_ticket(
        said.subject,
        requester=requester,
        inbox=inbox,
        team=team,
        priority=said.priority,
        type=said.type,
        tags=cleaned(said.tags),
        by=by,
    )
    return ticket, requester


def _received(said: TicketIn, requester: Person, files: Sequence[Kept], by: Actor) -> Received:
    return Received(
        text=said.text,
        subject=said.subject,
        sender=normal_email(said.requester.email),
        person=requester,
        channel="api",
        trust={"verified": False, "sentence": f"The API key “{by.name}” says who this is from."},
        files=files,
    )


def _inbox(address: str | None) -> Inbox:
    inboxes = Inbox.objects.select_related("team").order_by("id")
    inbox = (inboxes.filter(address=address.lower()) if address else inboxes).first()
    if inbox is None and address:
        raise Invalid(f"There is no inbox “{address}”.", {"inbox": "Name an inbox by its address."})
    if inbox is None:
        raise Invalid("This desk has no inbox yet: make one first, so that replies have somewhere to leave from.")
    return inbox


def _team(slug: str | None) -> Team | None:
    if slug is None:
        return None
    team = Team.objects.filter(slug=slug).first()
    if team is None:
        raise Invalid(f"There is no team “{slug}”.", {"team": "Name a team by its slug."})
    return team
