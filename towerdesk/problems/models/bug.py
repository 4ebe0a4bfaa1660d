"""Bug: the sheet beside a ticket of type bug. What many reported of one defect, gathered for whoever mends it."""

from typing import Any, Self

from django.db import models

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Ticket


class BugQuerySet(models.QuerySet["Bug"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(ticket__in=Ticket.objects.visible_to(actor).values("pk"))


class Bug(models.Model):
    """The ticket has its owner, its state, its story and who may read it; reports are linked to it with the kind `report`."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="bug", primary_key=True)
    steps = models.TextField(blank=True)  # to reproduce it, one on each line
    expected = models.TextField(blank=True)
    actual = models.TextField(blank=True)
    environment: "models.JSONField[Any, Any]" = models.JSONField(default=dict)  # what a person added: name → value
    vector = models.BinaryField(null=True)  # float16[384] of what the reports have in common
    model = models.CharField(max_length=64, blank=True)
    told_of_fix = models.BooleanField(default=False)  # somebody was asked whether to tell the customers, and did
    created_at = models.DateTimeField(default=now)

    objects = BugQuerySet.as_manager()

    def __str__(self) -> str:
        return self.ticket.subject

    @property
    def number(self) -> int:
        return self.ticket_id


class Weighing(models.Model):
    """What a customer counts for in the value of a bug: by a custom field of the ticket. Without one everybody counts as one.

    `weights` maps values of the field to numbers; a field that holds a number is its own weight. One row at most.
    """

    field = models.CharField(max_length=60, blank=True)
    weights: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.field or "one each"
