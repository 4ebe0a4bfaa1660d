"""Hand a ticket to another team or escalate it, and answer what was handed to oneself."""

from django.http import HttpResponse, HttpResponseRedirect

from towerdesk.accounts.models import Team, User
from towerdesk.lib.errors import Invalid, Trouble
from towerdesk.lib.text import as_number
from towerdesk.tickets.accept_handoff import accept_handoff
from towerdesk.tickets.escalate import escalate, leads
from towerdesk.tickets.hand_off import hand_off
from towerdesk.tickets.models import Handoff, Ticket
from towerdesk.tickets.send_back import send_back
from towerdesk.tickets.taxonomy import taxonomy
from towerdesk.web.pages.acts import act
from towerdesk.web.pages.aside import aside
from towerdesk.web.pages.ticket import find
from towerdesk.web.request import DeskRequest
from towerdesk.web.toasts import say


def asking(request: DeskRequest, number: int) -> HttpResponse:
    ticket, trouble = find(number, request.actor), None
    if request.method == "POST":
        try:
            return _asked(request, _pass_on(request, ticket))
        except Trouble as refused:
            trouble = refused
    shown = {"groups": _takers(request, ticket), "reasons": taxonomy().choosable("handoff"), "typed": request.POST}
    return aside(request, ticket, "handoff", f"Hand off {ticket.number}", trouble, **shown)


def _takers(request: DeskRequest, ticket: Ticket) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of (value, name); neither whoever has it nor whoever asks."""
    teams = list(Team.objects.exclude(pk=ticket.team_id or 0))
    above = leads().exclude(pk__in=filter(None, (request.user.pk, ticket.assignee_id)))
    groups = [
        ("Another team", [(f"team:{team.pk}", team.name) for team in teams]),
        ("Up, to a lead", [(f"lead:{lead.pk}", str(lead)) for lead in above]),
        ("Up, to the next level", [(f"level:{team.pk}", team.name) for team in teams]),
    ]
    return [group for group in groups if group[1]]


def _pass_on(request: DeskRequest, ticket: Ticket) -> Handoff:
    """`team:2` to another team, `lead:3` or `level:2` upwards."""
    how, _, pk = request.POST.get("to", "").partition(":")
    number = as_number(pk)
    to = User.objects.filter(pk=number).first() if how == "lead" else Team.objects.filter(pk=number).first()
    if to is None:
        raise Invalid("Choose to whom it goes: a team, a lead or the next level.", {"to": "Choose to whom it goes."})
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "")
    if isinstance(to, Team) and how == "team":
        return hand_off(ticket, to, reason, note, by=request.actor)
    return escalate(ticket, reason, note, to=to, by=request.actor)


def _asked(request: DeskRequest, handoff: Handoff) -> HttpResponse:
    """To the Tower where the ticket is now beyond what the sender may read."""
    say(request, f"{handoff.receiver} is asked to take {handoff.ticket.number} over. It is theirs; the clocks go on.")
    seen = Ticket.objects.visible_to(request.actor).filter(pk=handoff.ticket_id).exists()
    return HttpResponseRedirect(f"/tickets/{handoff.ticket_id}" if seen else "/")


@act
def accepting(request: DeskRequest, ticket: Ticket) -> str:
    accept_handoff(ticket, by=request.actor)
    return f"{ticket.number} is accepted."


def returning(request: DeskRequest, number: int) -> HttpResponse:
    ticket, trouble = find(number, request.actor), None
    if request.method == "POST":
        try:
            handoff = send_back(ticket, request.POST.get("note", ""), by=request.actor)
            say(request, f"{number} is back with {handoff.from_name}.")
            seen = Ticket.objects.visible_to(request.actor).filter(pk=number).exists()
            return HttpResponseRedirect(f"/tickets/{number}" if seen else "/")
        except Trouble as refused:
            trouble = refused
    typed = request.POST.get("note", "")
    return aside(request, ticket, "return", f"Send {ticket.number} back", trouble, typed=typed)
