"""What the clock does for routing: offers that nobody took go on, what waits finds whoever is free, the rest overflows."""

from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet

from towerdesk.automation.models import Placement
from towerdesk.automation.routing.accept import offer_again
from towerdesk.automation.routing.route import actor, give
from towerdesk.events.models import Event
from towerdesk.events.record import record
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.tickets.assign import assign
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.ticket import WAITING

BATCH = 100

log = structlog.get_logger()


def tend_routing() -> int:
    """Returns how many tickets moved; one query when nothing was routed."""
    moved = 0
    waiting = Placement.objects.exclude(pk__in=_at_rest()).select_related("route__team", "route__overflow", "user")
    for placement in waiting.order_by("since", "id")[:BATCH]:
        try:
            moved += _tend(placement)
        except Exception:
            log.exception("a routed ticket could not be tended", ticket=placement.ticket_id)
    return moved


def _at_rest() -> "QuerySet[Placement, Any]":
    """Waiting in a queue for whoever takes it: the clock has nothing to do there until it overflows, and hundreds may wait."""
    queued = Placement.objects.filter(accept_by=None, route__mode="queue")
    stays = Q(route__overflow=None) | Q(overflowed=True) | Q(since__gt=now() - F("route__overflow_after"))
    unowned = Ticket.objects.filter(status__in=WAITING, assignee=None).exclude(team=None)
    return queued.filter(stays, ticket_id__in=unowned.values("pk")).values("pk")


def _tend(placement: Placement) -> bool:
    with transaction.atomic():
        ticket = Ticket.objects.select_related("requester", "team", "inbox").filter(pk=placement.ticket_id).first()
        if ticket is None or not ticket.hold().is_waiting:
            return _forget(placement)
        if placement.accept_by is not None:
            return _look_at_offer(ticket, placement)
        if ticket.assignee_id is not None:
            return _forget(placement)
        return _find_somebody(ticket, placement)


def _forget(placement: Placement) -> bool:
    placement.delete()
    return False


def _look_at_offer(ticket: Ticket, placement: Placement) -> bool:
    """Working on it accepts it, too."""
    user = placement.user
    if user is None or ticket.assignee_id != user.pk or _has_touched(ticket, placement):
        return _forget(placement)
    if placement.accept_by is None or placement.accept_by > now():
        return False
    record("ticket.passed", by=CLOCK, ticket=ticket.pk, who=user.name, why="did not accept it in time")
    offer_again(ticket, placement, user, by=CLOCK)
    return True


def _has_touched(ticket: Ticket, placement: Placement) -> bool:
    did = Event.objects.filter(ticket_id=ticket.pk, actor_kind="agent", actor_id=placement.user_id)
    return did.filter(at__gt=placement.offered_at).exists()


def _find_somebody(ticket: Ticket, placement: Placement) -> bool:
    found = placement.route
    if ticket.team is None or found is None:
        return _forget(placement)
    if found.mode == "push" and give(ticket, placement, ticket.team, quiet=True):
        return True
    if found.overflow is None or placement.overflowed or now() < placement.since + found.overflow_after:
        return False
    placement.overflowed, placement.tried, placement.since = True, [], now()
    was, team = ticket.team, found.overflow
    assign(ticket, team, by=actor(found))
    why = f"Nobody of {was} took it in time: it overflows to {team}"
    record("ticket.routed", by=actor(found), ticket=ticket.pk, route=found.name, to="", why=why)
    if found.mode == "push":
        give(ticket, placement, team)
    else:
        placement.save()
    return True
