"""Macro."""

from typing import Any

from django.db import models


class Macro(models.Model):
    """A named list of actions that an agent applies with one key."""

    name = models.CharField(max_length=120, unique=True)
    actions: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
