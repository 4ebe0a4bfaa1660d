"""Claim, Contradiction, Recall: what a reply rests on, what is wrong there, and who was told so."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from towerdesk.actions.models import Bulk
from towerdesk.assistant.models.run import Run
from towerdesk.knowledge.models import Version
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Message, Ticket

LEFT = ("sent", "delivered", "read")
"""Deliveries of a message that somebody has, as far as we know."""


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(ticket__in=Ticket.objects.visible_to(actor))

    def told(self) -> Self:
        """What reached a customer."""
        return self.filter(message__delivery__in=LEFT)


class Claim(models.Model):
    """One sentence that a customer was told, and one span or tool result that it rested on when it was said.

    A sentence that rests on several has a claim for each. `start` and `end` count characters of the version's Markdown.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="claims")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="claims")
    text = models.TextField()
    version = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="+")
    chunk = models.BigIntegerField(null=True)
    start = models.IntegerField(default=0)
    end = models.IntegerField(default=0)
    tool = models.CharField(max_length=120, blank=True)
    call = models.CharField(max_length=64, blank=True)  # where the tool's result is kept
    at = models.DateTimeField(default=now)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["version", "start"], name="claim_of_version"),
            models.Index(fields=["ticket"], name="claim_of_ticket"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Contradiction(models.Model):
    """Two sentences of published articles that can't both be true. `why` says what differs; settled ones stay, for memory."""

    one = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    one_start = models.IntegerField()
    one_end = models.IntegerField()
    other = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    other_start = models.IntegerField()
    other_end = models.IntegerField()
    why = models.CharField(max_length=200)
    found_at = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True)
    settled_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "one_start", "other", "other_start"], name="each_contradiction_once")
        ]
        indexes = [models.Index(fields=["one", "other"], condition=Q(settled_at=None), name="contradiction_open")]

    def __str__(self) -> str:
        return f"{self.one} / {self.other}: {self.why}"


class Recall(models.Model):
    """A sentence of an article was wrong, and those who were told so are told what is right, by one bulk edit."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="recalls")
    starts: "models.JSONField[Any, Any]" = models.JSONField(default=list)  # of the sentences that were wrong
    wrong = models.TextField()
    correction = models.TextField()
    bulk = models.OneToOneField(Bulk, on_delete=models.CASCADE, related_name="recall")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Recall of {self.version}"


class Corrected(models.Model):
    """Whom a recall tells, for which sentence, on which of their tickets: nobody is told twice while this stands."""

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="people")
    person = models.BigIntegerField()
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    start = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "person", "start"], name="each_person_once_in_a_recall")
        ]
        indexes = [models.Index(fields=["person"], name="corrected_person")]

    def __str__(self) -> str:
        return f"{self.person} by {self.recall_id}"
