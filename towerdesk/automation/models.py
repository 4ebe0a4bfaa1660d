"""Rule and Macro: a condition in the one filter language, actions in the one vocabulary."""

from typing import Any

from django.db import models

from towerdesk.lib.clock import now

WHEN = [("message.received", "Somebody wrote"), ("ticket.opened", "A ticket was opened")]


class Rule(models.Model):
    name = models.CharField(max_length=120)
    when = models.CharField(max_length=40, choices=WHEN, default="message.received")
    condition = models.CharField(max_length=500, blank=True)  # e.g. priority:low intent:spare-part
    actions: "models.JSONField[Any, Any]" = models.JSONField(default=list)  # [{"do": "tag", "add": ["vip"]}]
    position = models.IntegerField(default=0)
    active = models.BooleanField(default=True)
    owner_name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(auto_now=True)  # processes that hold rules ready read them again when this moves

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Macro(models.Model):
    """A named list of actions that an agent applies with one key."""

    name = models.CharField(max_length=120, unique=True)
    actions: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
