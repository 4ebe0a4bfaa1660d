"""What a join of two people moved, so that it can be taken back."""

from typing import Any

from django.db import models

from towerdesk.lib.clock import now
from towerdesk.people.models import Person

REASONS = {
    "address": "One address, verified for both",
    "signed": "One signed identity",
    "decision": "Somebody decided it",
}


class Join(models.Model):
    """`person` is a part of `into`. `moved` names rows by their ids: identities, tickets as requester, messages as writer.

    `changed` are the columns of `into` that were empty and are filled in: name → [before, after].
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="joins")
    into = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="joins_into")
    reason = models.CharField(max_length=10, choices=list(REASONS.items()), default="decision")
    why = models.CharField(max_length=300, blank=True)
    says = models.CharField(max_length=700)  # who was joined, as they were called then
    into_says = models.CharField(max_length=700)
    moved: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    changed: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(undone_at__isnull=True), name="joined_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} into {self.into_id}"
