"""Rule and its versions: a condition in the one filter language, actions in the one vocabulary."""

from typing import Any

from django.db import models

from towerdesk.accounts.models import User
from towerdesk.lib.clock import now

MOMENTS = [
    ("message.received", "Somebody wrote"),
    ("ticket.opened", "A ticket was opened"),
    ("message.queued", "Somebody here replied"),
    ("ticket.changed", "Somebody changed a ticket"),
    ("ticket.assigned", "Somebody gave a ticket away"),
    ("ticket.resolved", "Somebody resolved a ticket"),
    ("ticket.reopened", "A ticket was opened again"),
    ("ticket.rated", "A customer rated a ticket"),
    ("clock", "Each hour, once per ticket until somebody touches it"),
]


class Rule(models.Model):
    """As it is now; each save is a `RuleVersion` too. Whether it is on, and its place, belong to no version."""

    name = models.CharField(max_length=120)
    when = models.CharField(max_length=40, choices=MOMENTS, default="message.received")
    condition = models.CharField(max_length=500, blank=True)  # e.g. priority:low intent:spare-part
    actions: "models.JSONField[Any, Any]" = models.JSONField(default=list)  # [{"do": "tag", "add": ["vip"]}]
    position = models.IntegerField(default=0)
    active = models.BooleanField(default=True)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="rules")  # answers for it
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(auto_now=True)  # processes that hold rules ready read them again when this moves

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """What a rule said from `at` on until the next version. Names are kept as text: history outlives users."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    name = models.CharField(max_length=120)
    when = models.CharField(max_length=40)
    condition = models.CharField(max_length=500, blank=True)
    actions: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    owner_name = models.CharField(max_length=200, blank=True)
    author_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="rule_version_once")]

    def __str__(self) -> str:
        return f"{self.name}, version {self.number}"
