"""Banner: one sentence for everybody who looks, from a moment until another."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from towerdesk.lib.clock import now
from towerdesk.tickets.models import Ticket

PLACES = {
    "portal": "Help pages",
    "forms": "Forms",
    "chat": "Chat",
    "desk": "Inside, on the desk",
}


class BannerQuerySet(models.QuerySet["Banner"]):
    def shown(self, at: datetime) -> Self:
        begun = self.filter(stopped_at=None, starts_at__lte=at)
        return begun.filter(Q(ends_at=None) | Q(ends_at__gt=at)).order_by("-starts_at", "-id")


class Banner(models.Model):
    """`texts` maps languages to sentences; the English one is for all others. `places` are keys of `PLACES`."""

    texts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    places: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    starts_at = models.DateTimeField(default=now)
    ends_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=200, blank=True)
    ticket = models.ForeignKey(Ticket, null=True, blank=True, on_delete=models.SET_NULL, related_name="banners")
    by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=now)

    objects = BannerQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-starts_at"], condition=Q(stopped_at=None), name="banner_standing")]

    def __str__(self) -> str:
        return say_in(self.texts, "en")

    @property
    def state(self) -> str:
        at = now()
        if self.stopped_at:
            return "stopped"
        if self.ends_at and self.ends_at <= at:
            return "over"
        return "shown" if self.starts_at <= at else "waits"

    def text(self, language: str) -> str:
        return say_in(self.texts, language)


def say_in(texts: dict[str, str], language: str) -> str:
    """The text of this language, else the English one, else any."""
    return texts.get(language[:2].lower()) or texts.get("en") or next(iter(texts.values()), "")
