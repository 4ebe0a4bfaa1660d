"""Brain, Solved: what it learnt from."""

from typing import Any

from django.db import models

from towerdesk.lib.clock import now
from towerdesk.tickets.models import Ticket


class Brain(models.Model):
    """A trained head (intents, scorer, priority …): the newest active one of a name is in use."""

    name = models.CharField(max_length=40)
    content = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    measured: "models.JSONField[Any, Any]" = models.JSONField(default=dict)  # cross-validated figures at training time
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["name", "-id"], name="brain_newest")]

    def __str__(self) -> str:
        return f"{self.name} {self.fingerprint[:8]}"


class Solved(models.Model):
    """A resolved ticket as something to learn from: its question's vector (float16[384])."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="solved", primary_key=True)
    question = models.TextField()
    answer = models.TextField(blank=True)
    vector = models.BinaryField()
    model = models.CharField(max_length=64)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="solved_newest")]

    def __str__(self) -> str:
        return f"Solved {self.ticket_id}"
