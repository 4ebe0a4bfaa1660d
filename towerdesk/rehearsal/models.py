"""Replay with its Items, Simulation, Gap and Draft: reports about what would have been."""

from typing import Any, Self

from django.db import models

from towerdesk.assistant.models import Procedure
from towerdesk.lib.actor import Actor
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Ticket

STATES = [
    ("waiting", "Waits its turn"),
    ("running", "Runs"),
    ("stopping", "Is being stopped"),
    ("stopped", "Stopped"),
    ("done", "Done"),
    ("failed", "Failed"),
]
GOING = ("waiting", "running", "stopping")
VERDICTS = [("", "Nobody knows"), ("right", "Right"), ("wrong", "Wrong")]


class ReportQuerySet[M: models.Model](models.QuerySet[M]):
    def visible_to(self, actor: Actor) -> Self:
        """They tell of every ticket: for those who may read every ticket."""
        return self if actor.can("ticket.read_all") and actor.can("report.read") else self.none()


class Replay(models.Model):
    """One look back. `settings`: last, retrain (days), articles (then or today), share (of the blind sample)."""

    source = models.CharField(max_length=20, default="desk")  # desk, zendesk, freshdesk, lines
    name = models.CharField(max_length=200, blank=True)  # of the file or folder that was read
    settings: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    articles: "models.JSONField[Any, Any]" = models.JSONField(
        null=True
    )  # of an export: [{title, text, at, slug, language}]
    state = models.CharField(max_length=8, choices=STATES, default="waiting")
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    result: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    trouble = models.CharField(max_length=500, blank=True)
    by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(ReportQuerySet["Replay"])()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Replay {self.pk}"

    @property
    def is_going(self) -> bool:
        return self.state in GOING

    @property
    def share(self) -> float:
        """How far it has come, 0 to 1."""
        return self.done / self.total if self.total else 0.0


class ReplayItem(models.Model):
    """One past ticket: what was asked and what people did (`told`), and what the assistant would have done.

    `told`: subject, visible, author, auto, trust, answer, answered, resolution, labels ([[time, intent]]), taught (time or
    null), minutes, grade ({right, at, article, reply} or null), live ({reply, known_by, at} or null). Times are ISO texts;
    `at` is when it was asked.
    """

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="items")
    at = models.DateTimeField()
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)  # the ticket's number here or there
    told: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    vector = models.BinaryField(null=True)  # float16[384] of what was asked
    decided = models.BooleanField(default=False)

    period = models.IntegerField(default=0)  # which heads decided: how often they had been trained
    intent = models.CharField(max_length=80, blank=True)
    probability = models.FloatField(default=0.0)
    risk = models.CharField(max_length=12, blank=True)
    score = models.FloatField(default=0.0)
    parts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    reply = models.TextField(blank=True)
    evidence: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    eligible = models.BooleanField(default=False)
    why = models.CharField(max_length=300, blank=True)  # what stood in the way of answering alone, apart from a licence
    kind = models.CharField(max_length=12, blank=True)  # the reason in one word, see `decide.KINDS`

    agreement = models.CharField(max_length=10, blank=True)  # same, different, unknown; empty without a proposal
    measured_by = models.CharField(max_length=12, blank=True)  # grade, customer, resolution, article, words, blind
    similarity = models.FloatField(null=True)
    verdict = models.CharField(max_length=5, choices=VERDICTS, blank=True, default="")
    known_at = models.DateTimeField(null=True)  # since when somebody could know the verdict
    alone = models.BooleanField(default=False)  # it would have been answered alone, with a licence earned by then

    blind = models.SmallIntegerField(default=0)  # 1: in the sample, the assistant's answer first; 2: second
    blind_assistant = models.BooleanField(null=True)
    blind_person = models.BooleanField(null=True)
    blind_by = models.CharField(max_length=200, blank=True)
    blind_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["replay", "decided", "at", "id"], name="replay_progress"),
            models.Index(fields=["replay", "blind"], condition=~models.Q(blind=0), name="replay_blind"),
        ]
        constraints = [models.UniqueConstraint(fields=["replay", "key"], name="each_ticket_once_in_a_replay")]

    def __str__(self) -> str:
        return f"{self.key} in {self.replay_id}"


class Simulation(models.Model):
    """One run of the model: what was asked of it (`settings`) and what came out (`result`)."""

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="simulations")
    settings: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=STATES, default="waiting")
    result: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    trouble = models.CharField(max_length=500, blank=True)
    by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(ReportQuerySet["Simulation"])()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Simulation {self.pk}"

    @property
    def is_going(self) -> bool:
        return self.state in GOING


class Gap(models.Model):
    """A cluster of like tickets that the assistant could not answer. Found anew each time; `tickets` are their numbers.

    `kind` is one of `gaps.kinds`: what they have in common; `about` says more of it, see there.
    """

    kind = models.CharField(max_length=8, default="words", db_default="words")
    procedure = models.ForeignKey(Procedure, null=True, on_delete=models.CASCADE, related_name="+")
    about: "models.JSONField[Any, Any]" = models.JSONField(default=dict, db_default={})
    name = models.CharField(max_length=200)
    terms: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    why = models.CharField(max_length=300)  # the commonest reason
    intent = models.CharField(max_length=80, blank=True)
    tickets: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    count = models.IntegerField(default=0)
    minutes = models.FloatField(default=0.0)  # of people's time
    found_at = models.DateTimeField(default=now)
    dismissed_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(ReportQuerySet["Gap"])()

    class Meta:
        ordering = ["-minutes", "id"]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """What might close a gap, with the tickets that it comes from. A person puts it in, or drops it.

    Of an article, `text` is what people sent. Of a procedure it is the whole page as it would be, with its `tests`;
    `based_on` is the version that it changes, none for a new one. `sentences`: [{text, tickets, times}], where each part
    comes from; `notes`: what could not be drafted; `trial`: what it would win and break, see `gaps.trial`.
    """

    kind = models.CharField(max_length=9, default="article", db_default="article")  # article, procedure
    procedure = models.ForeignKey(Procedure, null=True, on_delete=models.SET_NULL, related_name="+")
    based_on = models.IntegerField(null=True)
    tests = models.TextField(blank=True, default="", db_default="")
    notes: "models.JSONField[Any, Any]" = models.JSONField(default=list, db_default=[])

    gap = models.ForeignKey(Gap, null=True, on_delete=models.SET_NULL, related_name="drafts")
    title = models.CharField(max_length=200)
    text = models.TextField()  # Markdown
    sentences: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    tickets: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    worded_by = models.CharField(max_length=120, blank=True)  # the language model, if one worded it
    trial: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="open")  # making, open, trying, merged, dropped, failed
    trouble = models.CharField(max_length=300, blank=True)
    article_id = models.BigIntegerField(null=True)  # what it became a version of
    before_id = models.BigIntegerField(null=True)  # the version that was published before, for undo
    by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(ReportQuerySet["Draft"])()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title
