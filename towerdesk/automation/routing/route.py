"""Route a ticket: the first route whose condition holds names the team and chooses a person, or lets it wait for one."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet

from towerdesk.accounts.actors import rule as acting
from towerdesk.accounts.models import Team
from towerdesk.automation.models import Placement, Profile, Route
from towerdesk.automation.routing.choose import Choice, choose
from towerdesk.automation.routing.working import is_away
from towerdesk.automation.rules.asking import ANY_RULE
from towerdesk.events.models import Event
from towerdesk.events.record import record, together
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.errors import Trouble
from towerdesk.lib.rows import Writing, inserting, putting, write
from towerdesk.lib.stamps import Stamp, of_rows
from towerdesk.tickets.assign import assign
from towerdesk.tickets.filters import parse
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.ticket import OURS

ROUTES = Stamp(f"SELECT concat_ws(';', ({of_rows('automation_route')}), ({of_rows('accounts_team')}))")

_read: tuple[str, list[Route]] | None = None


def route(ticket: Ticket, *, cause: Event | None = None) -> None:
    """Does nothing for a ticket that is in somebody's hands, that the assistant works on, or that no route fits."""
    if not _wants_a_person(ticket):
        return
    found = fitting(ticket)
    if found is None:
        return
    with transaction.atomic(), together(ticket):
        ticket.hold()
        if _wants_a_person(ticket):
            _place(ticket, found, cause)


def _wants_a_person(ticket: Ticket) -> bool:
    if not ticket.is_waiting or ticket.step_kind not in OURS:
        return False
    return ticket.assignee_id is None or is_away(ticket.assignee_id, now())


def fitting(ticket: Ticket) -> Route | None:
    """The first active route whose condition holds; one that can't be read is passed over."""
    for found in _routes():
        try:
            if parse(found.condition).matches(ticket, ANY_RULE):
                return found
        except Trouble:
            continue
    return None


def _routes() -> list[Route]:
    """With their teams; read again only when a route or a team was changed."""
    global _read
    stamp, known = ROUTES.now(), _read
    if known is None or known[0] != stamp:
        found = Route.objects.filter(active=True).select_related("team", "overflow")
        known = _read = stamp, list(found)
    return known[1]


def actor(found: Route | None) -> Actor:
    return acting(found.pk, found.name) if found else acting(0, "Routing")


def _place(ticket: Ticket, found: Route, cause: Event | None) -> None:
    """With the ticket held. An absent person's ticket goes back to the team first."""
    team = found.team or ticket.team
    if team is None:
        return
    if ticket.assignee_id is not None or ticket.team_id != team.pk:
        assign(ticket, team, by=actor(found), cause=cause)
    if found.mode == "queue":
        why = f"It waits in {team} for whoever takes the next ticket"
        waits = Placement(ticket_id=ticket.pk, route=found)
        _tell(ticket, found, why, "", cause, putting(waits, "route", "user", "accept_by", same="ticket_id"))
        return
    placement = next(iter(_placements(ticket=ticket.pk)), None) or Placement(ticket_id=ticket.pk)
    placement.route, placement.user, placement.accept_by = found, None, None
    give(ticket, placement, team, cause=cause)


def _keeping(placement: Placement) -> list[Writing]:
    """A new one is written by the event that tells of it."""
    if placement._state.adding:
        return [inserting(placement)]
    placement.save()
    return []


@compiled
def _placements(*, ticket: int) -> "QuerySet[Placement]":
    return Placement.objects.filter(ticket_id=ticket)


def give(ticket: Ticket, placement: Placement, team: Team, *, cause: Event | None = None, quiet: bool = False) -> bool:
    """To one of the team, if anybody can take it; else it waits there. With the ticket held. `quiet`: no word of waiting."""
    found = placement.route
    skills = list(found.skills.all()) if found and not placement.overflowed else []
    chosen = choose(ticket, team, skills, sticky=found.sticky if found else True, but=placement.tried)
    if chosen.person is None:
        placement.user, placement.accept_by = None, None
        kept = _keeping(placement)
        if quiet:
            write(*kept)
        else:
            _tell(ticket, found, f"{chosen.why}: it waits in {team}", "", cause, *kept)
        return False
    _give_to(ticket, placement, chosen, cause)
    return True


def _give_to(ticket: Ticket, placement: Placement, chosen: Choice, cause: Event | None) -> None:
    found, person = placement.route, chosen.person
    assert person is not None  # noqa: S101 - the caller looked
    assign(ticket, person.user, by=actor(found), cause=cause)
    Profile.objects.update_or_create(user=person.user, defaults={"last_given_at": now()})
    kept: list[Writing] = []
    if found and found.accept_within:
        placement.user, placement.offered_at = person.user, now()
        placement.accept_by = now() + found.accept_within
        kept = _keeping(placement)
    elif placement.pk:
        placement.delete()
    _tell(ticket, found, chosen.why, person.user.name, cause, *kept)


def _tell(ticket: Ticket, found: Route | None, why: str, to: str, cause: Event | None, *kept: Writing) -> None:
    name = found.name if found else ""
    record("ticket.routed", *kept, by=actor(found), ticket=ticket.pk, cause=cause, route=name, to=to, why=why)


def pass_over(placement: Placement, users: Collection[int]) -> None:
    placement.tried = sorted({*placement.tried, *users})
