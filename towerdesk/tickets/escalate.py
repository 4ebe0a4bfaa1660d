"""Escalate a ticket: up to a lead, or to the team that is the next level; they accept it or send it back."""

from django.db.models import QuerySet

from towerdesk.accounts.models import Team, User
from towerdesk.events.models import Event
from towerdesk.lib.actor import Actor
from towerdesk.lib.errors import Invalid
from towerdesk.tickets.models import Handoff, Ticket
from towerdesk.tickets.pass_on import pass_on

LEADS = ("lead", "admin")


def escalate(
    ticket: Ticket,
    reason: str,
    note: str,
    *,
    to: User | Team | None = None,
    by: Actor,
    cause: Event | None = None,
) -> Handoff:
    """Without `to` it goes to a lead of the team that has it. Raises `Invalid` without a reason or a note."""
    by.must("ticket.hand_off")
    above = to or _lead_of(ticket, by)
    if isinstance(above, Team):
        return pass_on(ticket, "hierarchical", above, None, reason, note, by=by, cause=cause)
    if not above.is_active or above.role not in LEADS:
        raise Invalid(f"{above} leads nobody here: choose a lead, or a team.", {"to": "Choose a lead or a team."})
    team = _team_of(above, ticket)
    return pass_on(ticket, "hierarchical", team, above, reason, note, by=by, cause=cause)


def leads() -> "QuerySet[User]":
    """Whom one may escalate to: those who lead and are in a team."""
    return User.objects.filter(is_active=True, role__in=LEADS, teams__isnull=False).distinct().order_by("name", "id")


def _lead_of(ticket: Ticket, by: Actor) -> User:
    """Leads before administrators; neither whoever escalates nor whoever has it."""
    others = leads().filter(teams=ticket.team_id or 0).exclude(pk__in=filter(None, (by.user_id, ticket.assignee_id)))
    found = others.order_by("-role", "name", "id").first()
    if found is None:
        raise Invalid(f"{ticket.team} has nobody above to turn to: say to whom it goes.", {"to": "Choose somebody."})
    return found


def _team_of(above: User, ticket: Ticket) -> Team:
    """It stays in its team when they are of that one."""
    teams = list(above.teams.all())
    own = [team for team in teams if team.pk == ticket.team_id] or teams
    if not own:
        raise Invalid(f"{above} is in no team: choose somebody else.", {"to": "Choose somebody else."})
    return own[0]
