"""One value of a governed list: a type, an area, a resolution code, a handoff reason, a tag, an impact, a choice of a field."""

from typing import Any

from django.db import models
from django.db.models import Q

from towerdesk.lib.clock import now

LISTS = {
    "type": "Types",
    "area": "Product areas",
    "resolution": "Resolution codes",
    "handoff": "Handoff reasons",
    "tag": "Tags",
    "impact": "Impacts",
    "urgency": "Urgencies",
    "priority": "Priorities",
}
"""The lists that every desk has, by their kind. The choices of a custom field are the kind `field.<its key>`."""
OPEN = ("tag", "area")
"""Lists that may take any word beside the known ones; whether they do is a setting."""
FIXED = ("priority",)
"""Lists whose values are the code's own: they can be named and described, not added to."""


class Value(models.Model):
    """`key` is what tickets, rules and files hold; it never changes. A retired value stays readable wherever it is.

    `merged_into` is a pointer: filters, learning and reports take this value for the other one; no ticket is rewritten.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    position = models.IntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="a_list_holds_a_key_once"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(retired_at__isnull=False), name="merged_values_are_retired"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Vocabulary(models.Model):
    """What is set for a whole list. `free`: words beside the known ones are allowed.

    `matrix`, on the row of `priority`, maps `impact key` → `urgency key` → priority.
    """

    kind = models.CharField(max_length=60, unique=True)
    free = models.BooleanField(default=True)
    matrix: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "vocabularies"

    def __str__(self) -> str:
        return self.kind
