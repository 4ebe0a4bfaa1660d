"""Visitor: a browser with a token that chats with us."""

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q

from towerdesk.channels.models import Inbox
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Ticket

FRESH = timedelta(seconds=50)
"""An open page is written down every 20 seconds."""
TYPING = timedelta(seconds=8)


class VisitorQuerySet(models.QuerySet["Visitor"]):
    def present(self) -> Self:
        return self.filter(here=True, seen_at__gt=now() - FRESH)

    def chatting(self) -> Self:
        """Those whose ticket still waits and answers by the chat."""
        waiting = self.filter(ticket__status__in=("new", "open", "pending", "hold"))
        return waiting.filter(ticket__inbox=models.F("inbox"), left_at=None)


class Visitor(models.Model):
    """`key` names the conversation and is no secret; the token is, and only its digest is kept."""

    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="visitors")
    key = models.CharField(max_length=32, unique=True)
    token = models.CharField(max_length=64, unique=True)  # hex SHA-256 of the token
    ticket = models.ForeignKey(
        Ticket, null=True, blank=True, on_delete=models.SET_NULL, related_name="visitors"
    )  # the one that the newest message is on
    name = models.CharField(max_length=120, blank=True)
    mail = models.CharField(max_length=320, blank=True)  # claimed, unless `vouched`
    user = models.CharField(max_length=120, blank=True)  # id of a user of the host site, when `vouched`
    vouched = models.BooleanField(default=False)
    trouble = models.CharField(max_length=300, blank=True)  # one sentence: why who they say they are is not believed
    page: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)  # address, title
    data: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)  # the host's own, name to text
    language = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField(default=now)
    here = models.BooleanField(default=False)
    seen_at = models.DateTimeField(default=now)
    typing_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)  # since they left for good; until they write again
    transcript_to = models.CharField(max_length=320, blank=True)  # asked for, and not yet sent

    objects = VisitorQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["ticket"], name="visitor_by_ticket"),
            models.Index(fields=["seen_at"], condition=Q(left_at=None, ticket__isnull=False), name="visitor_to_leave"),
            models.Index(fields=["id"], condition=~Q(transcript_to=""), name="visitor_wants_transcript"),
        ]

    def __str__(self) -> str:
        return self.name or f"Visitor {self.key[:4]}"

    @property
    def is_here(self) -> bool:
        return self.here and self.seen_at > now() - FRESH

    @property
    def is_typing(self) -> bool:
        return self.is_here and self.typing_at is not None and self.typing_at > now() - TYPING
