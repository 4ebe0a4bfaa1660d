"""The inbox: one address or account that requests arrive at and replies leave from."""

from datetime import timedelta
from typing import Any

from django.db import models

from towerdesk.accounts.models import Team
from towerdesk.lib.clock import now


class Inbox(models.Model):
    """`settings` holds what the channel needs; secrets in it are encrypted by `lib.vault`."""

    name = models.CharField(max_length=80)
    channel = models.CharField(max_length=20, default="email")  # a folder of channels/
    address = models.CharField(max_length=320, unique=True)  # lower-case mail address, or provider:account
    sender_name = models.CharField(max_length=120, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="inboxes")  # owns what is not yet understood
    settings: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)
    paused = models.BooleanField(default=False)
    undo_seconds = models.PositiveSmallIntegerField(default=15)  # how long an agent's reply can still be stopped
    reopen_days = models.PositiveSmallIntegerField(
        default=14
    )  # after that an answer to a closed ticket opens a new one
    created_at = models.DateTimeField(default=now)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True)  # one sentence while something is wrong
    hook = models.CharField(max_length=64, unique=True, null=True, blank=True)  # providers call /hooks/<this>
    forged = models.PositiveIntegerField(default=0, db_default=0)  # calls turned away since it was opened
    forged_at = models.DateTimeField(null=True, blank=True)
    forged_why = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name_plural = "inboxes"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def undo(self) -> timedelta:
        return timedelta(seconds=self.undo_seconds)

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]
