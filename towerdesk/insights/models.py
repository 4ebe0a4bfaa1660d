"""Fact rows: one per ticket, folded from the log; and how far the folding has come."""

from typing import Any

from django.db import models


class TicketFact(models.Model):
    """Everything the first metrics need of one ticket. Times are aware; nothing here is written by anything but `facts`."""

    ticket_id = models.BigIntegerField(primary_key=True)
    opened_at = models.DateTimeField()
    team = models.CharField(max_length=80, blank=True)
    intent = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=20, blank=True)
    priority = models.CharField(max_length=8, blank=True)
    requester_id = models.BigIntegerField(null=True)
    first_reply_at = models.DateTimeField(null=True)
    first_reply_by = models.CharField(max_length=12, blank=True)
    first_reply_id = models.BigIntegerField(null=True)  # the message that it was
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=12, blank=True)
    known_by = models.CharField(max_length=10, blank=True)
    known_from = models.CharField(max_length=12, blank=True, default="", db_default="")  # kind of actor who said so
    closed_at = models.DateTimeField(null=True)
    reopened = models.IntegerField(default=0)
    replies_person = models.IntegerField(default=0)
    replies_assistant = models.IntegerField(default=0)
    touches = models.IntegerField(default=0)  # things an agent did on it
    agent_minutes = models.FloatField(default=0.0)
    model_cost = models.FloatField(default=0.0)
    rating = models.SmallIntegerField(null=True)
    recontact = models.BooleanField(default=False)  # the same person opened another one within the window
    merged = models.BooleanField(default=False)
    handoffs = models.IntegerField(default=0, db_default=0)  # handed off or escalated, accepted or not
    hands: "models.JSONField[Any, Any]" = models.JSONField(default=dict, db_default={})  # team → seconds
    held_by = models.CharField(max_length=80, blank=True, default="", db_default="")  # the team now, as `Hands.team`
    held_since = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["opened_at"], name="fact_opened"),
            models.Index(fields=["resolved_at"], name="fact_resolved"),
            models.Index(fields=["requester_id", "opened_at"], name="fact_person"),
        ]

    def __str__(self) -> str:
        return f"Facts of {self.ticket_id}"


class Progress(models.Model):
    """Up to which event the facts are folded."""

    name = models.CharField(max_length=40, primary_key=True)
    event_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} up to {self.event_id}"
