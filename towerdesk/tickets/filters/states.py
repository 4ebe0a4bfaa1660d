"""`is:…`: what people ask most, each said once for the database and once for a ticket."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.filters.kinds import Field, unknown
from towerdesk.tickets.models import Ticket
from towerdesk.tickets.models.ticket import WAITING

type Ask = Callable[[Actor], Q]
type Look = Callable[[Ticket, Actor], bool]

STATES: dict[str, tuple[Ask, Look]] = {
    "late": (
        lambda _: Q(status__in=WAITING, due_at__lt=now()),
        lambda ticket, _: ticket.is_waiting and ticket.due_at is not None and ticket.due_at < now(),
    ),
    "mine": (
        lambda actor: Q(assignee_id__in=[actor.user_id] if actor.user_id else []),
        lambda ticket, actor: ticket.assignee_id is not None and ticket.assignee_id == actor.user_id,
    ),
    "unassigned": (lambda _: Q(assignee__isnull=True), lambda ticket, _: ticket.assignee_id is None),
    "waiting": (lambda _: Q(status__in=WAITING), lambda ticket, _: ticket.is_waiting),
    "resolved": (
        lambda _: Q(status__in=("resolved", "closed")),
        lambda ticket, _: ticket.status in ("resolved", "closed"),
    ),
    "unread": (lambda _: Q(status="new"), lambda ticket, _: ticket.status == "new"),
    "answered": (lambda _: Q(first_reply_at__isnull=False), lambda ticket, _: ticket.first_reply_at is not None),
    "merged": (lambda _: Q(merged_into__isnull=False), lambda ticket, _: ticket.merged_into_id is not None),
}


@dataclass(frozen=True, slots=True)
class State(Field):
    example: str = "late"

    def read(self, text: str) -> str:
        if text.lower() not in STATES:
            raise unknown("state", text, list(STATES))
        return text.lower()

    def q(self, value: str, actor: Actor) -> Q:
        return STATES[value][0](actor)

    def holds(self, ticket: Ticket, value: str, actor: Actor) -> bool:
        return STATES[value][1](ticket, actor)

    def says(self, ticket: Ticket) -> str:
        return ticket.status
