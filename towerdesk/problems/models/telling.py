"""Telling, Told: one text to everybody who is affected, each by the way that their ticket is on, each once."""

from typing import Any

from django.db import models
from django.db.models import Q

from towerdesk.lib.clock import now
from towerdesk.people.models import Person
from towerdesk.tickets.models import Message, Ticket

KINDS = [
    ("known", "We know about it"),
    ("over", "It is over: is it for you, too?"),
]
STATES = [
    ("running", "Being told"),
    ("done", "Told"),
    ("stopped", "Stopped"),
]
RESULTS = [
    ("todo", "Waits"),
    ("told", "Told"),
    ("beside", "Told on another ticket of theirs"),
    ("skipped", "Left out"),
    ("failed", "Not possible"),
    ("stopped", "Taken back"),
]


class Telling(models.Model):
    """`texts` maps languages to texts that a person approved; `ticket` is the problem or the bug that it is about."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="tellings")
    kind = models.CharField(max_length=6, choices=KINDS)
    texts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=STATES, default="running")
    tells_new = models.BooleanField(default=False)  # whoever is affected later hears the same, from the assistant
    pause = models.PositiveIntegerField(default=0)  # seconds that each message waits before it leaves
    by_kind = models.CharField(max_length=12)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["ticket", "-id"], name="telling_of_ticket")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.ticket_id})"


class Told(models.Model):
    """`changed` is what it did to the ticket, for taking it back: column → [before, after]."""

    telling = models.ForeignKey(Telling, on_delete=models.CASCADE, related_name="told")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="told")
    result = models.CharField(max_length=8, choices=RESULTS, default="todo")
    why = models.CharField(max_length=300, blank=True)
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    changed: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["telling", "ticket"], name="a_ticket_once_in_a_telling"),
            models.UniqueConstraint(
                fields=["telling", "person"], condition=~Q(result__in=("beside", "skipped")), name="told_once_each"
            ),
        ]
        indexes = [models.Index(fields=["telling", "result", "id"], name="told_progress")]

    def __str__(self) -> str:
        return f"{self.ticket_id} in telling {self.telling_id}: {self.result}"
