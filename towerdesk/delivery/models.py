"""Attempt: one try to send a message, claimed before the network is touched, so no message is ever sent twice."""

from django.db import models

from towerdesk.lib.clock import now
from towerdesk.tickets.models import Message


class Attempt(models.Model):
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts")
    number = models.IntegerField()
    claimed_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)  # sent, retry, failed, unsure
    answer = models.TextField(blank=True)  # what the relay said
    recipients: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="one_claim_per_attempt")]
        indexes = [models.Index(fields=["claimed_at"], condition=models.Q(outcome=""), name="attempt_open")]

    def __str__(self) -> str:
        return f"Attempt {self.number} of message {self.message_id}"
