"""What a merge moved, so that it can be taken back."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from towerdesk.lib.clock import now
from towerdesk.tickets.models.ticket import Ticket


class Merge(models.Model):
    """`changed` and `changed_into` are the columns that it wrote: name → [before, after], as `restore.snapshot` says them."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="merges")
    into = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="merges_into")
    messages = ArrayField(models.BigIntegerField(), default=list)  # ids of those that moved
    changed: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    changed_into: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(undone_at__isnull=True), name="merged_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} into {self.into_id}"
