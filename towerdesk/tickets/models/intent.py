"""The governed taxonomy of what people want."""

from typing import Any

from django.db import models

from towerdesk.accounts.models import Team

LEVELS = [
    ("off", "Off"),
    ("shadow", "Watches"),
    ("suggest", "Suggests"),
    ("pause", "Sends after a pause"),
    ("send", "Sends"),
]
RISKS = [("information", "Information"), ("account", "Account change"), ("money", "Money or legal")]


class Intent(models.Model):
    """`level` is how far the assistant may go when it holds a licence; without one it goes no further than suggesting."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    examples: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)  # list[str]
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="intents")
    risk = models.CharField(max_length=12, choices=RISKS, default="information")
    level = models.CharField(max_length=8, choices=LEVELS, default="shadow")
    priority = models.CharField(max_length=8, default="normal")
    type = models.CharField(max_length=40, default="question")
    product_area = models.CharField(max_length=60, blank=True)
    active = models.BooleanField(default=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
