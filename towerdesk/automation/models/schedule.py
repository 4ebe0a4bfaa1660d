"""Schedule: what happens to tickets after a time, with a warning first; and what it has done."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from towerdesk.accounts.models import User
from towerdesk.lib.clock import now

SINCE = [
    ("silence", "our last reply, while the customer is silent"),
    ("unanswered", "the customer's last words, while nobody answers"),
    ("opened", "the ticket was opened"),
    ("resolved", "the ticket was resolved"),
    ("due", "the next step was due"),
]


class Schedule(models.Model):
    """Acts on each ticket once per occasion: the moment that `since` names. What begins anew may be acted on anew."""

    name = models.CharField(max_length=120)
    condition = models.CharField(max_length=500, blank=True)
    since = models.CharField(max_length=12, choices=SINCE, default="silence")
    after = models.DurationField(default=timedelta(days=7))
    actions: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    warn_after = models.DurationField(null=True, blank=True)  # shorter than `after`; None: no warning
    warning: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)  # actions of the warning
    active = models.BooleanField(default=False)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="schedules")
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(warn_after__isnull=True) | Q(warn_after__lt=models.F("after")),
                name="schedule_warns_before_it_acts",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ScheduleAct(models.Model):
    """A stage of a schedule on a ticket, done once per occasion: the constraint decides when two processes try."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="acts")
    ticket_id = models.BigIntegerField()
    stage = models.CharField(max_length=4, choices=[("warn", "Warned"), ("act", "Acted")])
    occasion = models.DateTimeField()
    at = models.DateTimeField(default=now)
    trouble = models.CharField(max_length=500, blank=True)  # why it could not; a person looks

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "ticket_id", "stage", "occasion"], name="schedule_acts_once")
        ]
        indexes = [models.Index(fields=["ticket_id"], name="schedule_act_of_ticket")]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} on {self.ticket_id}"
