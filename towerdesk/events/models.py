"""The event: what happened, to what, by whom, because of what. It stores its actor as plain values: history outlives users."""

from typing import Any, Self

from django.db import models

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, ticket_id: int) -> Self:
        """One ticket's history, oldest first."""
        return self.filter(ticket_id=ticket_id).order_by("id")

    def after(self, event_id: int) -> Self:
        return self.filter(id__gt=event_id).order_by("id")


class Event(models.Model):
    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=now)
    kind = models.CharField(max_length=60)
    ticket_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True)  # the message, article, raw … that the kind's first word names
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    cause_id = models.BigIntegerField(null=True)
    data: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    row: Any = None  # as it was written with the event, for whoever hears of it at once
    stamp: str = ""  # with a row: of what they go by, as it was in that moment
    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["ticket_id", "id"], name="event_by_ticket"),
            models.Index(fields=["kind", "at"], name="event_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def is_from_outside(self) -> bool:
        return Actor(self.actor_kind, self.actor_id, self.actor_name).is_outside  # type: ignore[arg-type]
