"""Grade, SecondGrade, Unsure: what people said of it."""

from django.db import models

from towerdesk.assistant.models.run import Run
from towerdesk.lib.clock import now
from towerdesk.tickets.models import Intent


class Grade(models.Model):
    """A person's verdict on one proposal: would this reply, sent as it stood, have been right?"""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="grade")
    intent = models.ForeignKey(Intent, null=True, on_delete=models.SET_NULL, related_name="grades")
    score = models.FloatField()  # the score the proposal had
    right = models.BooleanField()
    verdict = models.CharField(max_length=10)  # approved, edited, rejected, audited, unsure, disputed
    reason = models.CharField(max_length=20, blank=True, default="", db_default="")  # key of `grade.REASONS`
    seconds = models.FloatField(null=True)  # how long somebody looked, in the grading queue
    by_kind = models.CharField(max_length=12)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["intent", "-at"], name="grade_of_intent")]

    def __str__(self) -> str:
        return f"{self.verdict} run {self.run_id}"


class SecondGrade(models.Model):
    """Another person's verdict, given without seeing the first: it certifies nothing, it measures the graders."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="second_grade")
    right = models.BooleanField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"Second grade of run {self.run_id}"


class Unsure(models.Model):
    """Somebody could not tell: somebody else is asked. When a second one can't either, it counts as wrong."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="unsure")
    user_id = models.BigIntegerField()
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "user_id"], name="unsure_once")]

    def __str__(self) -> str:
        return f"Unsure of run {self.run_id}"
