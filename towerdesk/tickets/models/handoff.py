"""A ticket passed on to another team, or up to a lead: why, until when it is to be accepted, and what became of it."""

from typing import Self

from django.db import models
from django.db.models import Q

from towerdesk.accounts.models import User
from towerdesk.lib.actor import EVERYTHING, Actor
from towerdesk.lib.clock import now
from towerdesk.lib.compiled import compiled
from towerdesk.tickets.models.ticket import Ticket

KINDS = [("functional", "To another team"), ("hierarchical", "Up, to a lead or the next level")]
STATES = [
    ("asked", "Not accepted yet"),
    ("accepted", "Accepted"),
    ("returned", "Sent back"),
    ("withdrawn", "Taken back"),
]
LONGEST = 2000  # characters of a note


class HandoffQuerySet(models.QuerySet["Handoff"]):
    def asked(self) -> Self:
        """Those that nobody has answered, among them any that were overtaken: `waits` says which still stand."""
        return self.filter(state="asked").select_related("from_user", "to_user")


class Handoff(models.Model):
    """Teams are kept by id and name, as the log keeps actors: a handoff outlives them and does not hold them back."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="handoffs")
    kind = models.CharField(max_length=12, choices=KINDS, default="functional")
    from_id = models.BigIntegerField()
    from_name = models.CharField(max_length=80)
    from_user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")  # had it in hand
    to_id = models.BigIntegerField()
    to_name = models.CharField(max_length=80)
    to_user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")  # asked by name
    reason = models.CharField(max_length=60)  # key of the list `handoff`
    note = models.TextField()
    state = models.CharField(max_length=9, choices=STATES, default="asked")
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField(default=now)
    accept_by = models.DateTimeField()
    answer_due = models.DateTimeField(null=True)  # when the requester was promised an answer as it was passed on
    answered_by = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)  # why it was sent back

    objects = HandoffQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(state="asked"), name="one_handoff_waits"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(note=""), name="handoff_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} from {self.from_name} to {self.to_name}"

    @property
    def waits(self) -> bool:
        """Still to be accepted: the ticket is open and with whoever was asked."""
        return self.state == "asked" and self.ticket.is_waiting and self.ticket.team_id == self.to_id

    @property
    def receiver(self) -> str:
        return f"{self.to_user}" if self.to_user else self.to_name

    def is_asked_of(self, by: Actor) -> bool:
        """The team that it went to; where one person was named, that person and those who lead the team."""
        if by.can(EVERYTHING) or (by.user_id is not None and by.user_id == self.to_user_id):
            return True
        return self.to_id in by.teams and (self.to_user_id is None or by.can("ticket.read_all"))

    def end(self, state: str, by: Actor, answer: str = "") -> None:
        self.state, self.answered_by, self.answered_at, self.answer = state, by.name[:200], now(), answer
        self.save(update_fields=["state", "answered_by", "answered_at", "answer"])


def asked_handoff(ticket: Ticket) -> Handoff | None:
    """The one of this (held) ticket that nobody has answered; `waits` says whether it still stands."""
    found: list[Handoff] = _asked(ticket=ticket.pk)
    if not found:
        return None
    found[0].ticket = ticket
    return found[0]


@compiled
def _asked(*, ticket: int) -> HandoffQuerySet:
    return Handoff.objects.asked().filter(ticket=ticket)
