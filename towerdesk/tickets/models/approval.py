"""A decision that others have to make: who, until when, and what each of them said."""

from django.db import models

from towerdesk.accounts.actors import agent
from towerdesk.accounts.models import User
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.models.ticket import Ticket

NEEDS = [("any", "Any one of them"), ("all", "All of them")]
OUTCOMES = [
    ("waiting", "Waiting"),
    ("approved", "Approved"),
    ("refused", "Refused"),
    ("expired", "Nobody decided in time"),
    ("withdrawn", "No longer asked"),
]


class Approval(models.Model):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="approvals")
    question = models.CharField(max_length=500)
    need = models.CharField(max_length=3, choices=NEEDS, default="any")
    deadline = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=OUTCOMES, default="waiting")
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["deadline"], condition=models.Q(outcome="waiting"), name="approval_to_expire"),
        ]

    def __str__(self) -> str:
        return self.question


class Voice(models.Model):
    """One approver: an agent here, or whoever reads the mail at `email`."""

    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="voices")
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="voices")
    email = models.CharField(max_length=320)
    name = models.CharField(max_length=200)
    instead_of = models.CharField(max_length=200, blank=True)  # who passed it on
    answer = models.CharField(max_length=3, choices=[("yes", "Yes"), ("no", "No")], blank=True)
    note = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)  # claimed before the mail leaves, so that it leaves once

    class Meta:
        constraints = [models.UniqueConstraint(fields=["approval", "email"], name="each_approver_once")]

    def __str__(self) -> str:
        return f"{self.name}: {self.answer or 'not yet'}"

    def actor(self) -> Actor:
        """Whoever holds the signed link."""
        if self.user is not None and self.user.is_active:
            return agent(self.user)
        return Actor("customer", None, self.name, frozenset({"approval.answer"}))
