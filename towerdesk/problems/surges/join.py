"""A request belongs to a surge that stands: it is proposed with it, or linked as long as the surge lasts."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from towerdesk.knowledge.index import unpack
from towerdesk.lib.actor import CLOCK
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.lib.embedding import Vectors
from towerdesk.lib.errors import Trouble
from towerdesk.problems.models import Member, Surge
from towerdesk.problems.surges.like import belongs
from towerdesk.problems.surges.space import space_of
from towerdesk.problems.telling.newcomer import tell_newcomer
from towerdesk.tickets.link import link
from towerdesk.tickets.models import Ticket

NO_MEANS_NO = timedelta(hours=12)
"""So long the same is not proposed again after somebody said that it is no surge."""


def surge_of(vector: Vectors, intent: int | None, model: str) -> Surge | None:
    """The one that this request lies nearest to, of those that stand or that somebody has just turned down."""
    found = [(nearness(surge, vector, intent), surge) for surge in _standing(model=model, since=now() - NO_MEANS_NO)]
    near, best = max(found, key=lambda one: one[0], default=(0.0, None))
    return best if near else None


@compiled
def _standing(*, model: str, since: datetime) -> "QuerySet[Surge]":
    lately_no = Q(state="dismissed", decided_at__gt=since)
    return Surge.objects.filter(Q(state__in=("proposed", "ongoing")) | lately_no, model=model).order_by("id")


def nearness(surge: Surge, vector: Vectors, intent: int | None) -> float:
    """`vector` as it is kept, of the surge's own model."""
    space = space_of(surge.model)
    centre = space.row(unpack(surge.centre)[0])
    return belongs(space.row(vector), intent or 0, centre, surge.intent_id or 0, space.bounds)


def join(surge: Surge, ticket: Ticket, vector: Vectors) -> None:
    """Of one that was turned down nothing becomes a member."""
    if surge.state == "dismissed":
        return
    with transaction.atomic():
        held = Surge.objects.select_for_update().get(pk=surge.pk)
        near = nearness(held, vector, ticket.intent_id)
        member, is_new = Member.objects.get_or_create(
            surge=held, ticket=ticket, defaults={"near": near, "was_type": ticket.type, "at": now()}
        )
        if not is_new:
            return
        held.last_at = now()
        held.save(update_fields=["last_at"])
    if held.state == "ongoing" and held.links_new and held.problem:
        bind(member, held.problem)
        tell_newcomer(held.problem, ticket)


def bind(member: Member, problem: Ticket) -> bool:
    """Link it as an incident, unless it is one of another problem already."""
    ticket = member.ticket
    try:
        with transaction.atomic():
            member.was_type = ticket.type
            link(ticket, problem, "incident", by=CLOCK)
            member.state = "linked"
            member.save(update_fields=["state", "was_type"])
    except Trouble:
        return False
    return True
