"""Budget, Asking: what a language model may cost, and did."""

from django.db import models

from towerdesk.lib.clock import now
from towerdesk.tickets.models import Ticket


class Budget(models.Model):
    """What a language model may cost and how often it may be asked, for the desk; empty: no cap. There is one row."""

    day_cost = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    month_cost = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    day_calls = models.IntegerField(null=True)
    month_calls = models.IntegerField(null=True)
    ticket_calls = models.IntegerField(null=True, default=20)

    def __str__(self) -> str:
        return "Budget of the language model"


class Asking(models.Model):
    """One question to a language model: written down before it is asked, its cost once it is known."""

    at = models.DateTimeField(default=now, db_index=True)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="+")
    purpose = models.CharField(max_length=40)  # word, slots, draft …
    model = models.CharField(max_length=120)
    cost = models.DecimalField(max_digits=10, decimal_places=5, default=0)

    def __str__(self) -> str:
        return f"{self.purpose} by {self.model}"
