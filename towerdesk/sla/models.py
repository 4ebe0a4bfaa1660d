"""Policy with its Targets and Steps: what is promised. Track and Clock: how one ticket fares."""

from datetime import timedelta
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from towerdesk.hours.models import Calendar
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Ticket

KINDS = [("first_response", "First answer"), ("next_response", "Next answer"), ("resolution", "Solution")]
NAMES = dict(KINDS)
STATES = [("running", "Running"), ("paused", "Paused"), ("met", "Met"), ("missed", "Missed"), ("ended", "Ended")]
GOING = ("running", "paused")
PAUSES = ["pending", "hold"]


def pauses() -> list[str]:
    return list(PAUSES)


class Policy(models.Model):
    """The first active policy whose condition holds is the ticket's. Without a calendar its clocks run day and night."""

    name = models.CharField(max_length=120, unique=True)
    position = models.IntegerField(default=0)
    condition = models.CharField(max_length=500, blank=True)  # the one filter language; empty: every ticket
    calendar = models.ForeignKey(Calendar, null=True, blank=True, on_delete=models.PROTECT, related_name="policies")
    pauses = ArrayField(models.CharField(max_length=8), default=pauses, blank=True)  # statuses in which clocks stand
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """Minutes of the calendar's time by priority; none for a priority: nothing is promised there."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="targets")
    kind = models.CharField(max_length=16, choices=KINDS)
    critical = models.PositiveIntegerField(null=True)
    high = models.PositiveIntegerField(null=True)
    normal = models.PositiveIntegerField(null=True)
    low = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "kind"], name="one_target_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.policy}: {self.get_kind_display()}"


class Step(models.Model):
    """What is done so many minutes (of the calendar's time) after a promise is due; a negative number is before."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=16, choices=KINDS, blank=True)  # empty: every kind
    minutes = models.IntegerField()
    actions: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)  # in the one vocabulary

    class Meta:
        ordering = ["minutes", "id"]

    def __str__(self) -> str:
        return f"{self.policy}: {self.minutes:+d} min"


class Track(models.Model):
    """What a ticket's clocks are reckoned from: its statuses and answers with their times, whoever promises what.

    `spells` are [time, status] in order; `asks` are {"at", "answered", "message"}: somebody waits for words of ours.
    """

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.CASCADE, related_name="track")
    policy = models.ForeignKey(Policy, null=True, on_delete=models.SET_NULL, related_name="tracks")
    spells: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    asks: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    own_due = models.DateTimeField(null=True)  # a time that a person gave the next step

    def __str__(self) -> str:
        return f"Track of {self.ticket_id}"


class ClockQuerySet(models.QuerySet["Clock"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(ticket__in=Ticket.objects.visible_to(actor))

    def going(self) -> Self:
        return self.filter(state__in=GOING)

    def due(self) -> Self:
        """Those to which something happens by now, first come first."""
        return self.filter(next_at__lte=now()).order_by("next_at", "id")


class Clock(models.Model):
    id = models.BigAutoField(primary_key=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="clocks", db_index=False)
    kind = models.CharField(max_length=16, choices=KINDS)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="clocks")
    minutes = models.PositiveIntegerField()  # promised, of the calendar's time
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)  # when the promise was kept, or the breach made good
    due_at = models.DateTimeField(null=True)  # None: a pause keeps it from coming
    state = models.CharField(max_length=8, choices=STATES, default="running")
    pauses: "models.JSONField[Any, Any]" = models.JSONField(default=list)  # [[from, until or null, why], …]
    used_seconds = models.BigIntegerField(
        default=0
    )  # of the calendar's time, without pauses, when it was last reckoned
    breached_at = models.DateTimeField(null=True)  # the due time that went by, however late we noticed
    next_at = models.DateTimeField(null=True)  # the next warning, breach or step; None: nothing to come
    done = ArrayField(models.IntegerField(), default=list, blank=True)  # minutes of the steps that were taken

    objects = ClockQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "kind", "started_at"], name="one_clock_of_a_kind")]
        indexes = [models.Index(fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="clock_next")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.ticket_id}"

    @property
    def is_going(self) -> bool:
        return self.state in GOING

    @property
    def promise(self) -> timedelta:
        return timedelta(minutes=self.minutes)
