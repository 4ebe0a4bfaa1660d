"""Procedure, ProcedureVersion: the pages. ProcedureRun, ProcedureStep: one on a ticket, and its journal."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Intent, Ticket


class ProcedureQuerySet(models.QuerySet["Procedure"]):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever works on tickets goes by them; drafts are for those who write them."""
        if actor.can("procedure.change"):
            return self.all()
        return self.exclude(status="draft") if actor.can("ticket.read") else self.none()

    def published(self) -> Self:
        return self.filter(status="published")


class Procedure(models.Model):
    """A written procedure: what runs is the graph that `current` compiles to. `intents`, `risk` as its newest text says."""

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=10, default="draft")  # draft, published, retired
    risk = models.CharField(max_length=12, default="information")  # information, account, money
    intents: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)  # their slugs
    current = models.ForeignKey("ProcedureVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class ProcedureVersion(models.Model):
    """One text of a procedure with its tests, never changed afterwards."""

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    text = models.TextField()  # Markdown, see docs/reference/procedures.md
    tests = models.TextField(blank=True)  # YAML, see there
    author_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["procedure", "number"], name="one_procedure_version_per_number")]

    def __str__(self) -> str:
        return f"{self.procedure} v{self.number}"


OPEN_STATES = ("asking", "confirming", "ready", "approval", "person", "waiting", "acting")
RUN_STATES = [
    ("asking", "Waits for an answer"),
    ("confirming", "Waits for a yes"),
    ("ready", "Waits for leave to act"),
    ("approval", "Waits for an approval"),
    ("person", "Waits for a person"),
    ("waiting", "Waits for another system"),
    ("acting", "Is acting"),
    ("done", "Done"),
    ("kept", "Nothing was changed: they said no"),
    ("refused", "The rules do not allow it"),
    ("handed_over", "Handed over"),
    ("stopped", "A person went on by hand"),
]


class ProcedureRunQuerySet(models.QuerySet["ProcedureRun"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(ticket__in=Ticket.objects.visible_to(actor))

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)


class ProcedureRun(models.Model):
    """One procedure on one ticket, over as many messages and days as it takes. `kept` is where it stands (`State.dump`)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="procedure_runs")
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="runs")
    intent = models.ForeignKey(Intent, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=12, choices=RUN_STATES, default="asking")
    kept: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    before: "models.JSONField[Any, Any]" = models.JSONField(default=dict)  # as it stood before the newest message
    stop: "models.JSONField[Any, Any]" = models.JSONField(default=dict)  # {kind, text, why, missing, node}
    identity = models.CharField(max_length=320, blank=True)  # the verified address that it acts for; none: no account
    language = models.CharField(max_length=8, blank=True)
    score = models.FloatField(default=0.0)  # of what it began with
    began: "models.JSONField[Any, Any]" = models.JSONField(
        default=dict
    )  # parts of the score that its first message gave
    leave = models.CharField(max_length=60, blank=True)  # what lets it write: licence:12 or agent:3
    revision = models.IntegerField(default=0)  # two at once: the later one gives way
    started_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    objects = ProcedureRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(state__in=OPEN_STATES), name="one_open_procedure_per_ticket"
            )
        ]
        indexes = [
            models.Index(fields=["ticket", "-id"], name="procedure_run_of_ticket"),
            models.Index(
                fields=["changed_at"], condition=Q(state__in=("acting", "waiting")), name="procedure_run_under_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version.procedure} on {self.ticket_id}"


class ProcedureStep(models.Model):
    """The journal: one node that was passed, written down before the next one is begun. Never changed."""

    run = models.ForeignKey(ProcedureRun, on_delete=models.CASCADE, related_name="steps")
    node = models.CharField(max_length=20)
    visit = models.IntegerField(default=0)
    line = models.IntegerField()
    does = models.CharField(max_length=12)  # ask, read, write, check, …
    sentence = models.TextField(blank=True)
    inputs = models.CharField(max_length=64, blank=True)  # SHA-256 of what went in
    output: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    call = models.BigIntegerField(null=True)  # the connectors' call
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "node", "visit"], name="one_step_per_visit")]

    def __str__(self) -> str:
        return f"{self.does} {self.node}"
