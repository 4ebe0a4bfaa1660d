"""What is to be done on a ticket, point by point."""

from django.db import models

from towerdesk.lib.clock import now
from towerdesk.tickets.models.ticket import Ticket


class Point(models.Model):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="points")
    text = models.CharField(max_length=200)
    by_name = models.CharField(max_length=200)
    added_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
