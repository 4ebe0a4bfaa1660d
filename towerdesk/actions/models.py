"""Bulk: the same actions on many tickets, done by a job in slices, each ticket for itself, and taken back likewise."""

from typing import Any

from django.db import models

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Message, Ticket

STATES = [
    ("running", "Running"),
    ("done", "Done"),
    ("undoing", "Being undone"),
    ("undone", "Undone"),
]
RESULTS = [
    ("todo", "Waits"),
    ("done", "Done"),
    ("same", "Nothing to change"),
    ("failed", "Not possible"),
    ("stopped", "Stopped before"),
    ("undone", "Undone"),
    ("kept", "Could not be undone"),
]


class BulkQuerySet(models.QuerySet["Bulk"]):
    def visible_to(self, actor: Actor) -> "BulkQuerySet":
        """One's own, and for leads everybody's."""
        return self if actor.can("ticket.read_all") else self.filter(by_kind=actor.kind, by_id=actor.id)


class Bulk(models.Model):
    """`actions` are said as in the vocabulary; texts in them may hold placeholders, filled in for each ticket."""

    actions: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    says = models.CharField(max_length=300)  # what it does, in words
    state = models.CharField(max_length=8, choices=STATES, default="running")
    pause = models.PositiveIntegerField(default=0)  # seconds that each reply waits before it leaves
    by_kind = models.CharField(max_length=12)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    objects = BulkQuerySet.as_manager()

    def __str__(self) -> str:
        return self.says


class BulkItem(models.Model):
    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="items")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    result = models.CharField(max_length=8, choices=RESULTS, default="todo")
    why = models.CharField(max_length=300, blank=True)  # a sentence, when it was not possible
    changed: "models.JSONField[Any, Any]" = models.JSONField(default=dict)  # column → [before, after]
    reply = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulk", "ticket"], name="each_ticket_once_in_a_bulk")]
        indexes = [models.Index(fields=["bulk", "result", "id"], name="bulk_progress")]

    def __str__(self) -> str:
        return f"{self.ticket_id} in {self.bulk_id}: {self.result}"
