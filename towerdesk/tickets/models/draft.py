"""What somebody is writing and has not sent, and who is looking at a ticket just now."""

from django.db import models

from towerdesk.accounts.models import User
from towerdesk.lib.clock import now
from towerdesk.tickets.models.ticket import Ticket

KINDS = [("reply", "Reply"), ("note", "Note")]


class Draft(models.Model):
    """Private to its writer, so it is no part of the ticket's history."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=5, choices=KINDS)
    text = models.TextField()
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "ticket", "kind"], name="one_draft_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id} on {self.ticket_id}"


class Presence(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="present")
    writing = models.CharField(max_length=5, choices=KINDS, blank=True, default="")
    seen_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "ticket"], name="here_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.ticket_id}"
