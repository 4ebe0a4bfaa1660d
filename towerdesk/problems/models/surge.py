"""Sighting, Surge, Member: what came, what looks like too much of one thing, and the tickets that belong to it."""

from typing import Self

from django.db import models
from django.db.models import Q

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Intent, Ticket

STATES = [
    ("proposed", "Proposed"),
    ("ongoing", "Ongoing"),
    ("over", "Over"),
    ("dismissed", "Not a surge"),
    ("passed", "Passed by itself"),
]
MEMBERS = [
    ("proposed", "Proposed"),
    ("linked", "Linked"),
    ("left_out", "Left out"),
]


class Sighting(models.Model):
    """One request as the lookout for surges remembers it, for as long as it learns what is usual."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="sighting", primary_key=True)
    at = models.DateTimeField()
    person = models.BigIntegerField()  # who asked, by number
    intent = models.ForeignKey(Intent, null=True, on_delete=models.SET_NULL, related_name="+")
    vector = models.BinaryField()  # float16[384] of what was asked
    model = models.CharField(max_length=64)  # the embedder's fingerprint: vectors of two models can't be compared

    class Meta:
        indexes = [models.Index(fields=["at"], name="sighting_at")]

    def __str__(self) -> str:
        return f"Sighting of {self.ticket_id}"


class SurgeQuerySet(models.QuerySet["Surge"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever may read the ticket that gave it its name."""
        return self.filter(example__in=Ticket.objects.visible_to(actor).values("pk"))

    def standing(self) -> Self:
        return self.filter(state__in=("proposed", "ongoing"))


class Surge(models.Model):
    """Many like requests in a short time. `count` to `probability` say what was seen when it was proposed."""

    id = models.BigAutoField(primary_key=True)
    state = models.CharField(max_length=10, choices=STATES, default="proposed")
    about = models.CharField(max_length=300)  # the subject of the most typical of them
    example = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    intent = models.ForeignKey(Intent, null=True, on_delete=models.SET_NULL, related_name="+")
    centre = models.BinaryField()  # float16[384]
    model = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField()
    expected = models.FloatField()  # how many usually come in that time
    probability = models.FloatField()  # of so many or more by chance
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    at = models.DateTimeField(default=now)
    problem = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="surges")
    links_new = models.BooleanField(default=True)  # what comes next and belongs to it is linked by itself
    holds = models.BooleanField(default=True)  # the assistant's own answers to such requests wait for a person
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)

    objects = SurgeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-at"], condition=Q(state__in=("proposed", "ongoing")), name="surge_standing")]

    def __str__(self) -> str:
        return self.about

    @property
    def number(self) -> int:
        return self.pk


class Member(models.Model):
    """One ticket of a surge. `was_type` is what the ticket was called before it became an incident."""

    surge = models.ForeignKey(Surge, on_delete=models.CASCADE, related_name="members")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    near = models.FloatField(default=0.0)  # cosine to the middle of the surge
    state = models.CharField(max_length=10, choices=MEMBERS, default="proposed")
    was_type = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["surge", "ticket"], name="a_ticket_once_in_a_surge")]

    def __str__(self) -> str:
        return f"{self.ticket_id} in surge {self.surge_id}: {self.state}"
