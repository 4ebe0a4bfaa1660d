"""Routing: who can do what and how much, when they are away, the routes, and where each routed ticket stands."""

from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from towerdesk.accounts.models import Team, User
from towerdesk.lib.clock import now


class Skill(models.Model):
    name = models.CharField(max_length=60, unique=True)
    people: "models.ManyToManyField[User, Any]" = models.ManyToManyField(User, blank=True, related_name="skills")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Profile(models.Model):
    """How one person works. Without a row: available, twelve units, any language."""

    MOST = 12

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    available = models.BooleanField(default=True)  # their own switch: off means nothing new now
    most = models.PositiveIntegerField(default=MOST)  # units of open work that routing fills up to
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)  # ISO 639-1; none: any
    last_given_at = models.DateTimeField(null=True)  # whose turn it is

    def __str__(self) -> str:
        return f"How {self.user} works"


class ChannelLimit(models.Model):
    """What a ticket of a channel weighs; with a user, how many units of it they take at most."""

    channel = models.CharField(max_length=20)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="channel_limits")
    units = models.PositiveIntegerField(default=1)  # without a user: the weight of one ticket

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "user"], name="one_limit_per_person_and_channel"),
            models.UniqueConstraint(fields=["channel"], condition=Q(user=None), name="one_weight_per_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.units}"


class Absence(models.Model):
    """From `begins` until before `ends`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    why = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["begins"]
        constraints = [models.CheckConstraint(condition=Q(ends__gt=models.F("begins")), name="absence_ends_later")]
        indexes = [models.Index(fields=["user", "ends"], name="absence_of_user")]

    def __str__(self) -> str:
        return f"{self.user} is away"


class Route(models.Model):
    """The first active route whose condition holds decides. `push` gives at once; `queue` lets people take the next."""

    name = models.CharField(max_length=120)
    condition = models.CharField(max_length=500, blank=True)
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="routes"
    )  # None: stays
    skills: "models.ManyToManyField[Skill, Any]" = models.ManyToManyField(Skill, blank=True, related_name="routes")
    mode = models.CharField(
        max_length=5, choices=[("push", "Gives it to one person"), ("queue", "People take the next")]
    )
    sticky = models.BooleanField(default=True)  # whoever knows the customer comes first
    accept_within = models.DurationField(null=True, blank=True)  # None: given is given
    overflow = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="overflows")
    overflow_after = models.DurationField(default=timedelta(minutes=30))
    position = models.IntegerField(default=0)
    active = models.BooleanField(default=False)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="routes")

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Placement(models.Model):
    """Where a routed ticket stands: offered to somebody, or waiting for the next free one. Gone when it is in hand."""

    ticket_id = models.BigIntegerField(unique=True)
    route = models.ForeignKey(Route, null=True, on_delete=models.SET_NULL)
    since = models.DateTimeField(default=now)  # it waits for a person since then
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="offers")
    offered_at = models.DateTimeField(null=True)
    accept_by = models.DateTimeField(null=True)
    tried = ArrayField(models.BigIntegerField(), default=list, blank=True)  # who let it pass
    overflowed = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["accept_by"], condition=~Q(accept_by=None), name="placement_to_accept")]

    def __str__(self) -> str:
        return f"Placement of {self.ticket_id}"
