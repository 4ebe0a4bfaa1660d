"""Open a ticket from what a program sent: the key opens it, the words in it are the requester's."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from towerdesk.accounts.models import Team
from towerdesk.api.v1.shapes import TicketIn
from towerdesk.channels.models import Inbox
from towerdesk.lib.actor import Actor
from towerdesk.lib.compiled import compiled
from towerdesk.lib.errors import Invalid
from towerdesk.lib.files import Kept
from towerdesk.people.find import normal_email, person_for
from towerdesk.people.models import Person
from towerdesk.tickets.models import Form, Ticket
from towerdesk.tickets.receive import Received
from towerdesk.tickets.submit import submit


def open_from(said: TicketIn, files: Sequence[Kept], *, by: Actor) -> Ticket:
    """All or nothing. The requester is who the key says, so nothing about them counts as verified."""
    by.must("ticket.open")
    by.must("ticket.receive")
    inbox, team = _inbox(said.inbox), _team(said.team)
    values = said.model_dump(include={"priority", "type", "product_area", "impact", "urgency", "fields"})
    with transaction.atomic(savepoint=False):
        requester = person_for(said.requester.email, said.requester.name)
        received = _received(said, requester, files, by)
        more = {"form": _form(said.form), "team": team, "tags": said.tags, **values}
        return submit(said.subject, received, requester=requester, inbox=inbox, by=by, **more)


def _form(key: str) -> Form | None:
    form = Form.objects.select_related("intent", "team").filter(key=key).first() if key else None
    if key and form is None:
        raise Invalid(f"There is no form “{key}”.", {"form": "Name a form by its key: GET /forms lists them."})
    return form


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


@compiled
def _first_inbox() -> "QuerySet[Inbox]":
    return Inbox.objects.select_related("team").order_by("id")[:1]


@compiled
def _inbox_of(*, address: str) -> "QuerySet[Inbox]":
    return Inbox.objects.select_related("team").filter(address=address).order_by("id")[:1]


def _inbox(address: str | None) -> Inbox:
    inbox = next(iter(_inbox_of(address=address.lower()) if address else _first_inbox()), None)
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
