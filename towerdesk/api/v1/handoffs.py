"""Hand a ticket to another team, escalate it, answer what was handed off, and see who had it how long."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import AfterValidator, BaseModel, Field

from towerdesk.accounts.models import Team
from towerdesk.actions.perform import perform
from towerdesk.actions.vocabulary import Escalate, HandOff
from towerdesk.api.once import once
from towerdesk.api.security import asker
from towerdesk.api.v1.find import Id, the_ticket
from towerdesk.api.v1.shapes import In, TicketOut
from towerdesk.api.v1.show import ticket_out
from towerdesk.events.models import Event
from towerdesk.lib.clock import now
from towerdesk.lib.text import storable
from towerdesk.tickets import hands
from towerdesk.tickets.accept_handoff import accept_handoff
from towerdesk.tickets.models import Handoff, Ticket
from towerdesk.tickets.send_back import send_back

router = Router(tags=["tickets"])


class ReturnIn(In):
    """`note` says why it goes back."""

    note: Annotated[str, AfterValidator(storable), Field(min_length=1, max_length=2000)]


class HandoffOut(BaseModel):
    """`kind` is `functional` or `hierarchical`; `to_user` a mail address where one person was asked."""

    id: int
    kind: str
    from_team: str
    to_team: str
    to_user: str | None
    reason: str
    note: str
    state: str
    asked_by: str
    asked_at: datetime
    accept_by: datetime
    answered_by: str
    answered_at: datetime | None
    answer: str


class HandsOut(BaseModel):
    """`hours`: how long each team had it in hand by the clock, up to now or its resolution."""

    handoffs: list[HandoffOut]
    hours: dict[str, float]


@router.post("/{number}/hand_off", response=TicketOut)
def hand_it_off(request: HttpRequest, number: Id, said: HandOff) -> HttpResponse:
    """Hand it to another team, which accepts it or sends it back; `reason` is of the list of handoff reasons."""
    return _do(request, number, lambda ticket: perform(said, ticket, by=asker(request)))


@router.post("/{number}/escalate", response=TicketOut)
def escalate_it(request: HttpRequest, number: Id, said: Escalate) -> HttpResponse:
    """Pass it up: to a lead, to the next level, or to a lead of the team that has it."""
    return _do(request, number, lambda ticket: perform(said, ticket, by=asker(request)))


@router.post("/{number}/handoff/accept", response=TicketOut)
def accept_it(request: HttpRequest, number: Id) -> HttpResponse:
    """Accept what was handed to a team of this key."""
    return _do(request, number, lambda ticket: accept_handoff(ticket, by=asker(request)))


@router.post("/{number}/handoff/return", response=TicketOut)
def return_it(request: HttpRequest, number: Id, said: ReturnIn) -> HttpResponse:
    """Send it back to the team that handed it on."""
    return _do(request, number, lambda ticket: send_back(ticket, said.note, by=asker(request)))


@router.get("/{number}/handoffs", response=HandsOut)
def handoffs_of_it(request: HttpRequest, number: Id) -> HandsOut:
    """Every handoff, the oldest first, and the hours in each team's hands."""
    ticket = the_ticket(request, number)
    events = Event.objects.of(ticket.pk).filter(kind__in=hands.KINDS).values_list("kind", "at", "data")
    teams = frozenset(Team.objects.values_list("name", flat=True))
    spent = hands.fold((hands.Moment(*event) for event in events), teams).by(now())
    found = ticket.handoffs.select_related("to_user").order_by("id")
    hours = {team: round(seconds / 3600, 2) for team, seconds in spent.items()}
    return HandsOut(handoffs=[_out(one) for one in found], hours=hours)


def _do(request: HttpRequest, number: int, does: Callable[[Ticket], object]) -> HttpResponse:
    def do() -> TicketOut:
        ticket = the_ticket(request, number)
        does(ticket)
        ticket.refresh_from_db(fields=["due_at"])  # as the clocks set it
        return ticket_out(ticket)

    return once(request, do)


def _out(one: Handoff) -> HandoffOut:
    return HandoffOut(
        id=one.pk,
        kind=one.kind,
        from_team=one.from_name,
        to_team=one.to_name,
        to_user=one.to_user.email if one.to_user else None,
        reason=one.reason,
        note=one.note,
        state=one.state,
        asked_by=one.asked_by,
        asked_at=one.asked_at,
        accept_by=one.accept_by,
        answered_by=one.answered_by,
        answered_at=one.answered_at,
        answer=one.answer,
    )
