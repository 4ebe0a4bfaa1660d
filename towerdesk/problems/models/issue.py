"""Issue, Comment, Push, Delivery: a bug at an issue tracker, what was said there, what goes there, and what came from there."""

from typing import Any

from django.db import models
from django.db.models import Q

from towerdesk.connectors.models import Connection
from towerdesk.lib.clock import now
from towerdesk.problems.models.bug import Bug

STATES = [
    ("open", "Open"),
    ("done", "Fixed"),
    ("dropped", "Closed without a fix"),
]
PUSHES = [
    ("create", "Create the issue"),
    ("comment", "Write a comment"),
    ("close", "Close the issue"),
    ("reopen", "Open the issue again"),
]
FATES = [
    ("waits", "Waits"),
    ("claimed", "On its way"),
    ("done", "Done"),
    ("failed", "Not possible"),
    ("unknown", "Nobody knows"),
]


class Issue(models.Model):
    """`key` is how people there call it (`owner/repo#12`, `SHOP-41`), `remote` what the tracker's programs call it."""

    bug = models.ForeignKey(Bug, on_delete=models.CASCADE, related_name="issues")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    remote = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    url = models.CharField(max_length=500)
    title = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=STATES, default="open")
    says = models.CharField(max_length=80, blank=True)  # the tracker's own word for the state
    changed_at = models.DateTimeField(null=True)  # there, as far as we know: what is older changes nothing
    seen_at = models.DateTimeField(null=True)  # when we last heard of it
    trouble = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "remote"], name="an_issue_is_of_one_bug"),
        ]

    def __str__(self) -> str:
        return self.key


class Comment(models.Model):
    """Said there; `ours` when it came from here. `at` is the tracker's time."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="comments")
    remote = models.CharField(max_length=200)
    author = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    ours = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "remote"], name="a_comment_once")]

    def __str__(self) -> str:
        return self.text[:60]


class Push(models.Model):
    """One thing that is to happen there. Claimed, then called; `mark` stands in what we write, to find it again."""

    bug = models.ForeignKey(Bug, on_delete=models.CASCADE, related_name="pushes")
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    issue = models.ForeignKey(Issue, null=True, on_delete=models.CASCADE, related_name="pushes")
    what = models.CharField(max_length=8, choices=PUSHES)
    said: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    mark = models.CharField(max_length=40, unique=True)
    fate = models.CharField(max_length=8, choices=FATES, default="waits")
    why = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(fate__in=("waits", "claimed")), name="push_open")]

    def __str__(self) -> str:
        return f"{self.what} for bug {self.bug_id}: {self.fate}"


class Delivery(models.Model):
    """One call of a tracker at our door. The same id of the tracker's is one delivery."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    remote = models.CharField(max_length=100)
    about = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    trusted = models.BooleanField(default=True)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "remote"], name="a_delivery_once")]
        indexes = [models.Index(fields=["connection", "-at"], name="delivery_newest")]

    def __str__(self) -> str:
        return f"{self.about}: {self.outcome}"
