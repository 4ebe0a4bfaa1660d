"""Preference and TeamHook: how one wants to be told. Notification with its Reasons: the news. Post: what leaves."""

from datetime import time
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q

from towerdesk.accounts.models import Team, User
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.notifications.kinds import KINDS, WAYS
from towerdesk.tickets.models import Ticket

STATES = [
    ("waiting", "Waiting"),  # more may still join it
    ("retry", "Tried again"),
    ("sending", "On its way"),
    ("sent", "Sent"),
    ("failed", "Given up"),
    ("unsure", "Nobody knows whether it left"),
    ("dropped", "Not needed any more"),
]
OPEN = ("waiting", "retry")
LOST = ("failed", "unsure")
ONE_READER = Q(user__isnull=False, team__isnull=True) | Q(user__isnull=True, team__isnull=False)


class Preference(models.Model):
    """`ways` holds only the kinds that somebody chose for; the others go the ways that `kinds` begins with."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="told_how")
    ways: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    zone = models.CharField(max_length=60, blank=True)  # empty: the desk's
    quiet_from = models.TimeField(null=True, blank=True)  # on the person's own wall clock, as are the next two
    quiet_until = models.TimeField(null=True, blank=True)
    digest_at = models.TimeField(default=time(8))
    hook = models.TextField(blank=True)  # an address to POST to, sealed by `lib.vault`

    def __str__(self) -> str:
        return f"How {self.user} is told"

    def ways_of(self, kind: str) -> list[str]:
        chosen = self.ways.get(kind, KINDS[kind].ways)
        return [way for way in WAYS if way in chosen and (way != "hook" or self.hook)]

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.zone or settings.TIME_ZONE)


class TeamHook(models.Model):
    """Where a team hears of its own tickets, such as a channel of its chat."""

    goes_along = True

    team = models.OneToOneField(Team, primary_key=True, on_delete=models.CASCADE, related_name="hook")
    hook = models.TextField()  # sealed

    def __str__(self) -> str:
        return f"Webhook of {self.team}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def at_desk_of(self, reader: Actor) -> Self:
        """What this person's list shows: rights are asked now, not when it was written."""
        mine = self.filter(user_id=reader.user_id or 0, at_desk=True)
        return mine.filter(ticket__in=Ticket.objects.visible_to(reader))

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notification(models.Model):
    """News of one ticket for one person or team; what follows shortly after joins it as a further reason."""

    goes_along = True

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="notifications")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="notifications")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=12)  # of its newest reason
    urgent = models.BooleanField(default=False)
    at_desk = models.BooleanField(default=False)
    first_at = models.DateTimeField(default=now)
    last_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)  # it was posted: what comes now is another notification
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=ONE_READER, name="notification_has_one_reader")]
        indexes = [
            models.Index(fields=["user"], condition=Q(read_at=None, at_desk=True), name="notification_unread"),
            models.Index(fields=["user", "-id"], name="notification_newest"),
            models.Index(fields=["last_at"], name="notification_to_prune"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.ticket_id}"

    @property
    def name(self) -> str:
        return KINDS[self.kind].name


class Reason(models.Model):
    """One event, in words. However often its job is run, one event tells one reader once."""

    goes_along = True

    id = models.BigAutoField(primary_key=True)
    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="reasons")
    event_id = models.BigIntegerField()
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    sentence = models.CharField(max_length=300)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event_id", "user"], name="an_event_tells_a_person_once"),
            models.UniqueConstraint(fields=["event_id", "team"], name="an_event_tells_a_team_once"),
        ]

    def __str__(self) -> str:
        return self.sentence


class Post(models.Model):
    """One message by one way. While it waits, all news for its reader joins it: so a storm becomes one summary."""

    goes_along = True

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="posts")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="posts")
    way = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=STATES, default="waiting")
    urgent = models.BooleanField(default=False)  # neither quiet hours nor the ceiling hold it back
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=500, blank=True)  # what the next hop answered, or what is missing
    notifications: "models.ManyToManyField[Notification, Any]" = models.ManyToManyField(
        Notification, related_name="posts"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=ONE_READER, name="post_has_one_reader"),
            models.UniqueConstraint(fields=["user", "way"], condition=Q(state="waiting"), name="one_post_waits"),
            models.UniqueConstraint(fields=["team", "way"], condition=Q(state="waiting"), name="one_team_post_waits"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=OPEN), name="post_due"),
            models.Index(fields=["user", "ended_at"], name="post_of_person"),
            models.Index(fields=["claimed_at"], condition=Q(state="sending"), name="post_being_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.way} to {self.user or self.team}, {self.state}"

    @property
    def reader(self) -> User | Team:
        reader = self.user or self.team
        assert reader is not None  # noqa: S101 - the database holds one of them
        return reader
