"""Answered: what a request with an Idempotency-Key was told, kept for a day."""

from django.db import models

from towerdesk.accounts.models import ApiKey
from towerdesk.lib.clock import now


class Answered(models.Model):
    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)  # as the client chose it
    digest = models.CharField(max_length=64)  # hex SHA-256 of method, path and body
    status = models.SmallIntegerField(default=0)
    body = models.TextField(blank=True)  # JSON
    created_at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["api_key", "key"], name="one_answer_per_idempotency_key")]

    def __str__(self) -> str:
        return f"{self.status} for {self.key}"
